
ƒ
*2%
X-Gateway-Model-Namej
deepseek-r1
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
	namespace	defaultr2httproute/default/inference-route/rule/1/match/0/*EB€£Â€£Ê
	websocket
(httproute/default/inference-route/rule/1²
¬
©{"apiVersion":"inference.networking.x-k8s.io/v1alpha2","kind":"InferencePool","metadata":{"name":"deepseek-pool","namespace":"default","resourceVersion":"1"},"spec":{"extensionRef":{"group":"","kind":"Service","name":"deepseek-ext-proc"},"selector":{"app":"deepseek-r1"},"targetPortNumber":8000}}
*