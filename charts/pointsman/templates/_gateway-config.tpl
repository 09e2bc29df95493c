{{/*
What Envoy Gateway's configuration (the EnvoyGateway object) must say, as YAML: the same as `pointsman gateway-config`
prints; a test compares the two.
*/}}
{{- define "pointsman.gatewayConfig" -}}
{{- $tls := include "pointsman.tls" . | fromYaml -}}
{{- $host := include "pointsman.host" . -}}
extensionManager:
  maxMessageSize: {{ .Values.maxMessageSize }}
  backendResources: # what an HTTPRoute may name as a backend
  - {group: inference.networking.k8s.io, version: v1, kind: InferencePool}
  - {group: inference.networking.x-k8s.io, version: v1alpha2, kind: InferencePool}
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
    {{- if $tls }}
    tls:
      certificateRef: {name: {{ $tls.ca.name }}, namespace: {{ $tls.ca.namespace }}}
      {{- with $tls.client }}
      clientCertificateRef: {name: {{ .name }}, namespace: {{ .namespace }}}
      {{- end }}
    {{- end }}
envoyProxy: # the default for all proxies; an EnvoyProxy object of yours needs the same patch
  bootstrap:
    type: JSONPatch
    jsonPatches:
    - op: add
      path: /static_resources/clusters/-
      value:
        name: pointsman-eds
        type: STRICT_DNS
        connect_timeout: 1s
        typed_extension_protocol_options:
          envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
            "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
            explicit_http_config:
              http2_protocol_options:
                # A stream for each pool, more than the usual 1024 of a connection.
                max_concurrent_streams: 2147483647
                # A connection that is gone without a word is noticed in 15 s.
                connection_keepalive: {interval: 10s, timeout: 5s}
        circuit_breakers:
          thresholds:
          - {max_connections: 1000000, max_pending_requests: 1000000, max_requests: 1000000, max_retries: 1000000}
        load_assignment:
          cluster_name: pointsman-eds
          endpoints:
          - lb_endpoints:
            - endpoint: {address: {socket_address: {address: {{ $host }}, port_value: 18010}}}
        {{- if $tls }}
        transport_socket:
          name: envoy.transport_sockets.tls
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
            sni: {{ $host }}
            common_tls_context:
              tls_params: {tls_minimum_protocol_version: TLSv1_2, tls_maximum_protocol_version: TLSv1_3}
              alpn_protocols: [h2]
              validation_context:
                match_typed_subject_alt_names:
                - {san_type: DNS, matcher: {exact: {{ $host }}}}
                trusted_ca:
                  inline_string: |
                    {{- include "pointsman.caCertificate" . | nindent 20 }}
              {{- if $tls.proxyCA }}
              tls_certificate_sds_secret_configs: # the certificate that the proxy shows Envoy Gateway, too
              - name: xds_certificate
                sds_config:
                  resource_api_version: V3
                  path_config_source: {path: /sds/xds-certificate.json}
              {{- end }}
        {{- end }}
{{- end }}

{{/* Whether the above can be said: with TLS not before the authority's certificate is known. */}}
{{- define "pointsman.gatewayConfigKnown" -}}
{{- if or (eq .Values.tls.mode "disabled") (include "pointsman.caCertificate" .) }}yes{{ end -}}
{{- end }}
