{{/* A shadow has a name of its own, so that nothing takes it for a replica of the release in use. */}}
{{- define "pointsman.name" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if .Values.shadow.enabled }}{{ $name = printf "%s-shadow" (trunc 56 $name | trimSuffix "-") }}{{ end -}}
{{- $name | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* Whether statuses are written: "true" or nothing. */}}
{{- define "pointsman.status" -}}
{{- if and .Values.status (not .Values.shadow.enabled) }}true{{ end }}
{{- end }}

{{/* Whether a replica that starts requests a translation: "true" or nothing. */}}
{{- define "pointsman.requestTranslation" -}}
{{- if and .Values.requestTranslation (not .Values.shadow.enabled) }}true{{ end }}
{{- end }}

{{/* At most 43 characters: up to 20 follow in the names of what belongs to it. */}}
{{- define "pointsman.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 43 | trimSuffix "-" }}
{{- else }}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- if contains $name .Release.Name }}
{{- .Release.Name | trunc 43 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 43 | trimSuffix "-" }}
{{- end }}
{{- end }}
{{- end }}

{{- define "pointsman.selectorLabels" -}}
app.kubernetes.io/name: {{ include "pointsman.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* The labels of the pod of helm test, which no selector of replicas matches. */}}
{{- define "pointsman.testLabels" -}}
app.kubernetes.io/name: {{ include "pointsman.name" . | trunc 58 | trimSuffix "-" }}-test
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "pointsman.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "pointsman.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "pointsman.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end }}
{{- end }}

{{- define "pointsman.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{ default (include "pointsman.fullname" .) .Values.serviceAccount.name }}
{{- else -}}
{{ required "serviceAccount.name is missing: with serviceAccount.create=false it names the ServiceAccount to use" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{/* The name that proxies connect to. */}}
{{- define "pointsman.host" -}}
{{ include "pointsman.fullname" . }}.{{ .Release.Namespace }}.svc.{{ .Values.clusterDomain }}
{{- end }}

{{/* The name that Envoy Gateway connects to. */}}
{{- define "pointsman.hookHost" -}}
{{ include "pointsman.fullname" . }}-hooks.{{ .Release.Namespace }}.svc.{{ .Values.clusterDomain }}
{{- end }}

{{/* The same template's context for the release that a shadow is compared with. */}}
{{- define "pointsman.active" -}}
{{- if eq .Values.shadow.active (include "pointsman.fullname" .) }}
{{- fail "shadow.active names this release itself: give the shadow's release another name" }}
{{- end -}}
{{- $values := merge (dict "fullnameOverride" .Values.shadow.active "shadow" (dict "enabled" false)) (omit .Values "fullnameOverride" "shadow") -}}
{{ toYaml (dict "Values" $values "Release" (pick .Release "Name" "Namespace") "Chart" (dict "Name" .Chart.Name)) }}
{{- end }}

{{/* Every name of both Services, for the server's certificate; YAML list. */}}
{{- define "pointsman.dnsNames" -}}
{{- range $name := list (include "pointsman.fullname" .) (printf "%s-hooks" (include "pointsman.fullname" .)) }}
- {{ $name }}
- {{ $name }}.{{ $.Release.Namespace }}
- {{ $name }}.{{ $.Release.Namespace }}.svc
- {{ $name }}.{{ $.Release.Namespace }}.svc.{{ $.Values.clusterDomain }}
{{- end }}
{{- end }}
