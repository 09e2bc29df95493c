
Ô

/"Ø
Õ
envoy-gatewayÃ
Z
	resourcesM2K
I*G

kind	HTTPRoute

namecanary-missing

	namespace	default
e
policiesY2W
U*S

kindBackendTrafficPolicy

namebackend-timeout

	namespace	defaultr1httproute/default/canary-missing/rule/0/match/0/*?B€£ Â€£Ê
	websocket

invalid-backend-cluster
¿
Þ
Û{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"stable-pool","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","kind":"Service","name":"stable-ext-proc","port":{"number":9002}},"selector":{"matchLabels":{"app":"stable"}},"targetPorts":[{"number":8000}]}}

Ø
Õ{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"next-pool","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","kind":"Service","name":"next-ext-proc","port":{"number":9002}},"selector":{"matchLabels":{"app":"next"}},"targetPorts":[{"number":8000}]}}
*