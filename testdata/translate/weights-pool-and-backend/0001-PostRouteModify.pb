
Ü

/"m
k
envoy-gatewayZ
X
	resourcesK2I
G*E

kind	HTTPRoute

namepool-backend

	namespace	defaultr/httproute/default/pool-backend/rule/0/match/0/*5Ê
	websocket
%httproute/default/pool-backend/rule/0Þ
Ø
Õ{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen-pool","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","kind":"Service","name":"qwen-ext-proc","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
*