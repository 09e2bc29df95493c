
Ç

/"Ò
Ï
envoy-gateway½
e
policiesY2W
U*S

kindBackendTrafficPolicy

namebackend-timeout

	namespace	default
T
	resourcesG2E
C*A

kind	HTTPRoute

name
one-pool

	namespace	defaultr+httproute/default/one-pool/rule/0/match/0/*>B€£Â€£Ê
	websocket
!httproute/default/one-pool/rule/0ö
ð
í{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"annotations":{},"creationTimestamp":"2026-01-01T00:00:00Z","generation":1,"name":"qwen-pool","namespace":"default","resourceVersion":"1","uid":"00000000-0000-0000-0000-000000000000"},"spec":{"appProtocol":"http","endpointPickerRef":{"failureMode":"FailClose","group":"","kind":"Service","name":"qwen-ext-proc","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
*