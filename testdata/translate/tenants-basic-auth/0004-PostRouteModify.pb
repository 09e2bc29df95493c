
“
%2
X-Gateway-Model-Namej
goodr/v1"b
`
envoy-gatewayO
M
	resources@2>
<*:

kind	HTTPRoute

namechat

	namespacegoodj³
-envoy.filters.http.basic_auth//good/passwords
Qtype.googleapis.com/envoy.extensions.filters.http.basic_auth.v3.BasicAuthPerRoute,
*(alice:{SHA}tESsBmE/yNY3lb6a0L6vVQEZNqw=
r$httproute/good/chat/rule/0/match/0/**Ê
	websocket
httproute/good/chat/rule/0ç
á
Þ{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"good","namespace":"good","resourceVersion":"1"},"spec":{"selector":{"matchLabels":{"app":"good"}},"targetPorts":[{"number":8000}]}}
*