
Ù

/"Ø
Õ
envoy-gatewayÃ
e
policiesY2W
U*S

kindBackendTrafficPolicy

namebackend-timeout

	namespace	default
Z
	resourcesM2K
I*G

kind	HTTPRoute

nameweighted-pools

	namespace	defaultr1httproute/default/weighted-pools/rule/0/match/0/*DB€£Â€£Ê
	websocket
'httproute/default/weighted-pools/rule/0÷
ð
í{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"annotations":{},"creationTimestamp":"2026-01-01T00:00:00Z","generation":1,"name":"qwen-pool","namespace":"default","resourceVersion":"1","uid":"00000000-0000-0000-0000-000000000000"},"spec":{"appProtocol":"http","endpointPickerRef":{"failureMode":"FailClose","group":"","kind":"Service","name":"qwen-ext-proc","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}

þ
û{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"annotations":{},"creationTimestamp":"2026-01-01T00:00:00Z","generation":1,"name":"deepseek-pool","namespace":"default","resourceVersion":"1","uid":"00000000-0000-0000-0000-000000000000"},"spec":{"appProtocol":"http","endpointPickerRef":{"failureMode":"FailOpen","group":"","kind":"Service","name":"deepseek-ext-proc","port":{"number":9002}},"selector":{"matchLabels":{"app":"deepseek-r1"}},"targetPorts":[{"number":8000}]}}
*