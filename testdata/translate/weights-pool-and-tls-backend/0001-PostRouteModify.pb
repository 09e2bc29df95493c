
Ç

/"f
d
envoy-gatewayS
Q
	resourcesD2B
@*>

namemixed

	namespace	default

kind	HTTPRouter(httproute/default/mixed/rule/0/match/0/*.Ê
	websocket
httproute/default/mixed/rule/0Þ
Ø
Õ{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen-pool","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","kind":"Service","name":"qwen-ext-proc","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
*