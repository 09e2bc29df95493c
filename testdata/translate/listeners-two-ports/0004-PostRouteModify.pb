
å

/"k
i
envoy-gatewayX
V
	resourcesI2G
E*C

	namespace	default

kind	HTTPRoute

name
plain-poolr<httproute/default/plain-pool/rule/0/match/0/pool_example_com3Ê
	websocket
#httproute/default/plain-pool/rule/0ù
ä
á{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"deepseek-pool","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","kind":"Service","name":"deepseek-ext-proc","port":{"number":9002}},"selector":{"matchLabels":{"app":"deepseek"}},"targetPorts":[{"number":8000}]}}
pool.example.com