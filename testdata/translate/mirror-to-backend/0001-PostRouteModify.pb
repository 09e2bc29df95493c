
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
namemirror-backend

	namespace	defaultr1httproute/default/mirror-backend/rule/0/match/0/*ÅBÄ£¬Ä£ 
	websocketÚ:
0httproute/default/mirror-backend/rule/0-mirror-0
d0
'httproute/default/mirror-backend/rule/0ﬁ
ÿ
’{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen-pool","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","kind":"Service","name":"qwen-ext-proc","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
*