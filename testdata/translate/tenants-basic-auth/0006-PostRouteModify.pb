
Û
#2
X-Gateway-Model-Namej
evil
/"b
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
	namespaceevilr$httproute/evil/chat/rule/0/match/0/**Ê
	websocket
httproute/evil/chat/rule/0ç
á
Þ{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"evil","namespace":"evil","resourceVersion":"1"},"spec":{"selector":{"matchLabels":{"app":"evil"}},"targetPorts":[{"number":8000}]}}
*