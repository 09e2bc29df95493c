
ì
.2
X-Gateway-Model-Namej
evilr/files/large"d
b
envoy-gatewayQ
O
	resourcesB2@
>*<

namemodels

	namespaceevil

kind	HTTPRouter&httproute/evil/models/rule/1/match/0/*,Ê
	websocket
httproute/evil/models/rule/1ç
á
Þ{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"evil","namespace":"evil","resourceVersion":"1"},"spec":{"selector":{"matchLabels":{"app":"evil"}},"targetPorts":[{"number":8000}]}}
*