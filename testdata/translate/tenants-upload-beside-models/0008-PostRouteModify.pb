
æ
(2
X-Gateway-Model-Namej
evilr/files"d
b
envoy-gatewayQ
O
	resourcesB2@
>*<

kind	HTTPRoute

namemodels

	namespaceevilr&httproute/evil/models/rule/0/match/0/*,Ê
	websocket
httproute/evil/models/rule/0ç
á
Þ{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"evil","namespace":"evil","resourceVersion":"1"},"spec":{"selector":{"matchLabels":{"app":"evil"}},"targetPorts":[{"number":8000}]}}
*