
ø
(2#
X-Gateway-Model-Namej
	uncounted
/"j
h
envoy-gatewayW
U
	resourcesH2F
D*B

name	uncounted

	namespace	default

kind	HTTPRouter,httproute/default/uncounted/rule/0/match/0/*2Ê
	websocket
"httproute/default/uncounted/rule/0Â
¼
¹{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailOpen","name":"qwen-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
*