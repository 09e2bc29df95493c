
Û
#2
X-Gateway-Model-Namej
good
/"b
`
envoy-gatewayO
M
	resources@2>
<*:

	namespacegood

kind	HTTPRoute

namechatr$httproute/good/chat/rule/0/match/0/**Ê
	websocket
httproute/good/chat/rule/0ç
á
Þ{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"good","namespace":"good","resourceVersion":"1"},"spec":{"selector":{"matchLabels":{"app":"good"}},"targetPorts":[{"number":8000}]}}
*