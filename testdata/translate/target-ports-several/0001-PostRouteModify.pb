
ç
#2
X-Gateway-Model-Namej
qwen
/"f
d
envoy-gatewayS
Q
	resourcesD2B
@*>

kind	HTTPRoute

nameports

	namespace	defaultr(httproute/default/ports/rule/0/match/0/*.Ê
	websocket
httproute/default/ports/rule/0þ
ø
õ{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen-pool","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","kind":"Service","name":"qwen-ext-proc","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000},{"number":8001},{"number":8002}]}}
*