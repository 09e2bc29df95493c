{{/*
The places of the certificates, as YAML: serverSecret (in the release's namespace), ca and client ({name, namespace}, for
Envoy Gateway; client may be absent, and has the dnsName that is asked for), proxyCA (absent: proxies are not verified).
Empty when TLS is off.
*/}}
{{- define "pointsman.tls" -}}
{{- $name := include "pointsman.fullname" . -}}
{{- $gateway := .Values.envoyGateway.namespace -}}
{{- $own := .Release.Namespace -}}
{{- $tls := .Values.tls -}}
{{- $result := dict -}}
{{- if eq $tls.mode "generated" -}}
  {{- $result = dict "serverSecret" (printf "%s-tls" $name)
      "ca" (dict "name" (printf "%s-ca" $name) "namespace" $gateway)
      "client" (dict "name" (printf "%s-hook-client" $name) "namespace" $gateway "dnsName" "envoy-gateway") -}}
{{- else if eq $tls.mode "certManager" -}}
  {{- $ca := dict "name" (printf "%s-ca" $name) "namespace" $own -}}
  {{- if $tls.certManager.issuerRef -}}
    {{- $ca = dict "name" (required "tls.certManager.caSecret.name is missing: with tls.certManager.issuerRef it names the Secret whose tls.crt is the authority's certificate" $tls.certManager.caSecret.name)
        "namespace" (default $own $tls.certManager.caSecret.namespace) -}}
  {{- end -}}
  {{- $result = dict "serverSecret" (printf "%s-tls" $name) "ca" $ca
      "client" (dict "name" (printf "%s-hook-client" $name) "namespace" $own "dnsName" "envoy-gateway") -}}
{{- else if eq $tls.mode "existingSecret" -}}
  {{- $existing := $tls.existingSecret -}}
  {{- $result = dict
      "serverSecret" (required "tls.existingSecret.name is missing: with tls.mode=existingSecret it names the Secret with tls.crt, tls.key and ca.crt" $existing.name)
      "ca" (dict "name" (required "tls.existingSecret.caSecret.name is missing: it names the Secret whose tls.crt is the authority's certificate" $existing.caSecret.name)
        "namespace" (default $gateway $existing.caSecret.namespace)) -}}
  {{- if $existing.clientSecret.name -}}
    {{- $_ := set $result "client" (dict "name" $existing.clientSecret.name "namespace" (default $gateway $existing.clientSecret.namespace)
        "dnsName" $existing.clientSecret.dnsName) -}}
  {{- else if or $existing.clientSecret.namespace $existing.clientSecret.dnsName -}}
    {{- fail "tls.existingSecret.clientSecret.name is missing: with namespace or dnsName it names the Secret with Envoy Gateway's client certificate" -}}
  {{- end -}}
{{- end -}}
{{- if and $result $tls.proxyCA.verify -}}
  {{- if $tls.proxyCA.name -}}
    {{- $_ := set $result "proxyCA" (pick $tls.proxyCA "kind" "name" "key") -}}
  {{- else if eq $own $gateway -}}
    {{- $_ := set $result "proxyCA" (dict "kind" "Secret" "name" "envoy-gateway" "key" "ca.crt") -}}
  {{- end -}}
{{- end -}}
{{- if $result -}}{{ toYaml $result }}{{- end -}}
{{- end }}

{{/*
The generated certificates as YAML, all base64: ca, server: {crt, key}, client: {crt, key}. Made once in a rendering, and
taken from the cluster where they are already, for the same names.
*/}}
{{- define "pointsman.generated" -}}
{{- if not (hasKey .Values.tls.generated "made") -}}
  {{- $where := include "pointsman.tls" . | fromYaml -}}
  {{- $names := include "pointsman.dnsNames" . | fromYamlArray -}}
  {{- $server := (lookup "v1" "Secret" .Release.Namespace $where.serverSecret).data | default dict -}}
  {{- $ca := (lookup "v1" "Secret" $where.ca.namespace $where.ca.name).data | default dict -}}
  {{- $client := (lookup "v1" "Secret" $where.client.namespace $where.client.name).data | default dict -}}
  {{- /* The certificate itself says whether it is for the cluster's domain: in DER a name is ASCII, and another one (0x82) follows. */ -}}
  {{- $body := index $server "tls.crt" | default "" | b64dec | regexFind "-----BEGIN CERTIFICATE-----[^-]*" -}}
  {{- $der := $body | trimPrefix "-----BEGIN CERTIFICATE-----" | nospace | b64dec -}}
  {{- $named := contains (printf "%s\x82" (include "pointsman.host" .)) $der -}}
  {{- $made := dict -}}
  {{- if and $named (index $server "tls.key") (index $server "ca.crt") (index $client "tls.key") (eq (default "" (index $server "ca.crt")) (default "" (index $ca "tls.crt"))) -}}
    {{- $made = dict "ca" (index $server "ca.crt")
        "server" (dict "crt" (index $server "tls.crt") "key" (index $server "tls.key"))
        "client" (dict "crt" (index $client "tls.crt") "key" (index $client "tls.key")) -}}
  {{- else -}}
    {{- $days := int .Values.tls.generated.validDays -}}
    {{- $authority := genCA (printf "%s-ca" (include "pointsman.fullname" .)) $days -}}
    {{- $serverCert := genSignedCert (include "pointsman.fullname" .) nil $names $days $authority -}}
    {{- $clientCert := genSignedCert $where.client.dnsName nil (list $where.client.dnsName) $days $authority -}}
    {{- $made = dict "ca" (b64enc $authority.Cert)
        "server" (dict "crt" (b64enc $serverCert.Cert) "key" (b64enc $serverCert.Key))
        "client" (dict "crt" (b64enc $clientCert.Cert) "key" (b64enc $clientCert.Key)) -}}
  {{- end -}}
  {{- $_ := set .Values.tls.generated "made" $made -}}
{{- end -}}
{{ toYaml .Values.tls.generated.made }}
{{- end }}
