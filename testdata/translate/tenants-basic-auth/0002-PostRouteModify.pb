
ä
)2
X-Gateway-Model-Namej
otherr/other"c
a
envoy-gatewayP
N
	resourcesA2?
=*;

kind	HTTPRoute

namechat

	namespaceotherr%httproute/other/chat/rule/0/match/0/*+Ê
	websocket
httproute/other/chat/rule/0ê
ä
á{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"other","namespace":"other","resourceVersion":"1"},"spec":{"selector":{"matchLabels":{"app":"other"}},"targetPorts":[{"number":8000}]}}
*