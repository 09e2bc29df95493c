
Ø
r/v1"k
i
envoy-gatewayX
V
	resourcesI2G
E*C

kind	HTTPRoute

name
everything

	namespace	defaultr-httproute/default/everything/rule/0/match/0/*3Ê
	websocket
#httproute/default/everything/rule/0Ã
½
º{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"qwen-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
*