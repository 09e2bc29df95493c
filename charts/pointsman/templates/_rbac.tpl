{{/* Rights outside of the release's namespace: two releases of one name in two namespaces must not meet. */}}
{{- define "pointsman.clusterName" -}}
{{ include "pointsman.fullname" . }}:{{ .Release.Namespace }}
{{- end }}

{{- define "pointsman.rules" -}}
- apiGroups: [inference.networking.k8s.io, inference.networking.x-k8s.io]
  resources: [inferencepools]
  verbs: [get, list, watch]
- apiGroups: [inference.networking.x-k8s.io]
  resources: [inferencemodels]
  verbs: [list, watch]
- apiGroups: [pointsman.dev]
  resources: [inferencepolicies]
  verbs: [get, list, watch]
- apiGroups: [gateway.networking.k8s.io]
  resources: [gateways, httproutes, referencegrants]
  verbs: [list, watch]
- apiGroups: [""]
  resources: [configmaps, pods, services]
  verbs: [list, watch]
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [list, watch]
{{- if include "pointsman.status" . }}
- apiGroups: [inference.networking.k8s.io, inference.networking.x-k8s.io]
  resources: [inferencepools/status]
  verbs: [update]
- apiGroups: [pointsman.dev]
  resources: [inferencepolicies/status]
  verbs: [update]
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [create]
{{- end }}
{{- end }}

{{/* Where the InferencePolicy comes and goes that wakes Envoy Gateway: a namespace that it watches. */}}
{{- define "pointsman.requestNamespace" -}}
{{- $watched := .Values.envoyGateway.namespaces }}
{{- if or (not $watched) (has .Release.Namespace $watched) }}{{ .Release.Namespace }}{{ else }}{{ first $watched }}{{ end }}
{{- end }}

{{/* What Envoy Gateway's own chart does not give it: the kinds that its extension manager names. */}}
{{- define "pointsman.gatewayRules" -}}
- apiGroups: [inference.networking.k8s.io, inference.networking.x-k8s.io]
  resources: [inferencepools]
  verbs: [get, list, watch]
- apiGroups: [pointsman.dev]
  resources: [inferencepolicies]
  verbs: [get, list, watch]
- apiGroups: [pointsman.dev]
  resources: [inferencepolicies/status]
  verbs: [update]
{{- end }}
