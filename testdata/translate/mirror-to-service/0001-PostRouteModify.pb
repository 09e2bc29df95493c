
ó

/"ÿ
’
envoy-gateway√
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
namemirror-service

	namespace	defaultr1httproute/default/mirror-service/rule/0/match/0/*ÅBÄ£¬Ä£ 
	websocketÚ:
0httproute/default/mirror-service/rule/0-mirror-0
d0
'httproute/default/mirror-service/rule/0ˆ

Ì{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"annotations":{},"creationTimestamp":"2026-01-01T00:00:00Z","generation":1,"name":"qwen-pool","namespace":"default","resourceVersion":"1","uid":"00000000-0000-0000-0000-000000000000"},"spec":{"appProtocol":"http","endpointPickerRef":{"failureMode":"FailClose","group":"","kind":"Service","name":"qwen-ext-proc","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
*