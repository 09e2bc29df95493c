
Ó

/"j
h
envoy-gatewayW
U
	resourcesH2F
D*B

kind	HTTPRoute

name	no-picker

	namespace	defaultr,httproute/default/no-picker/rule/0/match/0/*2Ê
	websocket
"httproute/default/no-picker/rule/0ï
é
æ{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen-pool","namespace":"default","resourceVersion":"1"},"spec":{"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
*