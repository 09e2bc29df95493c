{{/*
The extension manager of Envoy Gateway's configuration (the EnvoyGateway object), as YAML. A test compares it with the
output of `pointsman gateway-config`.
*/}}
{{- define "pointsman.gatewayConfig" -}}
{{- $tls := include "pointsman.tls" . | fromYaml -}}
extensionManager:
  maxMessageSize: {{ .Values.maxMessageSize }}
  backendResources: # what an HTTPRoute may name as a backend
  - {group: inference.networking.k8s.io, version: v1, kind: InferencePool}
  {{- if .Values.legacyPools }}
  - {group: inference.networking.x-k8s.io, version: v1alpha2, kind: InferencePool}
  {{- end }}
  policyResources: # what is attached to Gateways and HTTPRoutes
  - {group: pointsman.dev, version: v1alpha1, kind: InferencePolicy}
  hooks:
    xdsTranslator:
      post: [Route, Endpoints, Translation]
      translation: # of listeners, routes and clusters Pointsman needs all
        listener: {includeAll: true}
        route: {includeAll: true}
        cluster: {includeAll: true}
        secret: {includeAll: false} # Envoy Gateway keeps its private keys
  service:
    fqdn: {hostname: {{ include "pointsman.hookHost" . }}, port: 5005}
    {{- with .Values.hookTimeout }}
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
