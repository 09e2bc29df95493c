
î
62
X-Gateway-Model-Namej
goodr/v1/chat/completions"b
`
envoy-gatewayO
M
	resources@2>
<*:

kind	HTTPRoute

namesite

	namespacegoodr$httproute/good/site/rule/0/match/0/**Ê
	websocket
httproute/good/site/rule/0ç
á
Þ{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"good","namespace":"good","resourceVersion":"1"},"spec":{"selector":{"matchLabels":{"app":"good"}},"targetPorts":[{"number":8000}]}}
*