
è
$2
X-Gateway-Model-Namej
plain
/"f
d
envoy-gatewayS
Q
	resourcesD2B
@*>

kind	HTTPRoute

nameplain

	namespace	defaultr(httproute/default/plain/rule/0/match/0/*.Ê
	websocket
httproute/default/plain/rule/0Ã
½
º{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"qwen-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
*