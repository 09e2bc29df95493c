
ô
621
X-Gateway-Model-Namej*travel-helper-v[0-9]+
/"Ð
Í
envoy-gateway»
e
policiesY2W
U*S

kindBackendTrafficPolicy

namebackend-timeout

	namespace	default
R
	resourcesE2C
A*?

kind	HTTPRoute

namemodels

	namespace	defaultr)httproute/default/models/rule/0/match/0/*<B€£Â€£Ê
	websocket
httproute/default/models/rule/0µ
¯
¬{"apiVersion":"inference.networking.x-k8s.io/v1alpha2","kind":"InferencePool","metadata":{"annotations":{},"creationTimestamp":"2026-01-01T00:00:00Z","generation":1,"name":"qwen-pool","namespace":"default","resourceVersion":"1","uid":"00000000-0000-0000-0000-000000000000"},"spec":{"extensionRef":{"failureMode":"FailClose","group":"","kind":"Service","name":"qwen-ext-proc"},"selector":{"app":"qwen"},"targetPortNumber":8000}}
*