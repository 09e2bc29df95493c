{{/*
The extension manager of Envoy Gateway's configuration (the EnvoyGateway object), as YAML; with a shadow a list of three. A
test compares it with the output of `pointsman gateway-config`.
*/}}
{{- define "pointsman.gatewayConfig" -}}
{{- $kinds := include "pointsman.gatewayKinds" . -}}
{{- if not .Values.shadow.enabled -}}
extensionManager:
  {{- include "pointsman.extensionManager" (dict "at" . "kinds" $kinds "port" 5005) | nindent 2 }}
{{- else -}}
# Envoy Gateway calls the shadow before and after the release in use, and passes over its errors. The shadow's entries name
# no kinds: they get all objects all the same, and Envoy Gateway 1.9 sends a policy once for each entry that names its kind.
extensionManagers:
- name: {{ .Values.shadow.active }}-shadow-before
  failOpen: true
  {{- include "pointsman.extensionManager" (dict "at" . "port" 5005) | nindent 2 }}
- name: {{ .Values.shadow.active }}
  {{- include "pointsman.extensionManager" (dict "at" (include "pointsman.active" . | fromYaml) "kinds" $kinds "port" 5005) | nindent 2 }}
- name: {{ .Values.shadow.active }}-shadow-after
  failOpen: true
  {{- include "pointsman.extensionManager" (dict "at" . "port" 5006) | nindent 2 }}
{{- end }}
{{- end }}

{{- define "pointsman.gatewayKinds" -}}
backendResources: # what an HTTPRoute may name as a backend
- {group: inference.networking.k8s.io, version: v1, kind: InferencePool}
{{- if .Values.legacyPools }}
- {group: inference.networking.x-k8s.io, version: v1alpha2, kind: InferencePool}
{{- end }}
policyResources: # what is attached to Gateways and HTTPRoutes
- {group: pointsman.dev, version: v1alpha1, kind: InferencePolicy}
{{- end }}

{{/* One extension manager: "at" the release, the kinds that it names, and its port. */}}
{{- define "pointsman.extensionManager" -}}
{{- $tls := include "pointsman.tls" .at | fromYaml -}}
maxMessageSize: {{ .at.Values.maxMessageSize }}
{{- with .kinds }}
{{ . }}
{{- end }}
hooks:
  xdsTranslator:
    post: [Route, Endpoints, Translation]
    translation: # of listeners, routes and clusters Pointsman needs all
      listener: {includeAll: true}
      route: {includeAll: true}
      cluster: {includeAll: true}
      secret: {includeAll: false} # Envoy Gateway keeps its private keys
service:
  fqdn: {hostname: {{ include "pointsman.hookHost" .at }}, port: {{ .port }}}
  {{- with .at.Values.hookTimeout }}
  timeout: {{ . }}
  {{- end }}
  {{- if $tls }}
  tls:
    certificateRef: {name: {{ $tls.ca.name }}, namespace: {{ $tls.ca.namespace }}}
    {{- with $tls.client }}
    clientCertificateRef: {name: {{ .name }}, namespace: {{ .namespace }}}
    {{- end }}
  {{- end }}
{{- end }}
