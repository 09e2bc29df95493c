
ü
#2
X-Gateway-Model-Namej
qwen
/"Ù
Ö
envoy-gatewayÄ
e
policiesY2W
U*S

kindBackendTrafficPolicy

namebackend-timeout

	namespace	default
[
	resourcesN2L
J*H

kind	HTTPRoute

nameinference-route

	namespace	defaultr2httproute/default/inference-route/rule/0/match/0/*EB€£Â€£Ê
	websocket
(httproute/default/inference-route/rule/0µ
¯
¬{"apiVersion":"inference.networking.x-k8s.io/v1alpha2","kind":"InferencePool","metadata":{"annotations":{},"creationTimestamp":"2026-01-01T00:00:00Z","generation":1,"name":"qwen-pool","namespace":"default","resourceVersion":"1","uid":"00000000-0000-0000-0000-000000000000"},"spec":{"extensionRef":{"failureMode":"FailClose","group":"","kind":"Service","name":"qwen-ext-proc"},"selector":{"app":"qwen"},"targetPortNumber":8000}}
*