
æ
*2%
X-Gateway-Model-Namej
proxy-cloud
/"Ý
Ú
envoy-gatewayÈ
i
	resources\2Z
X*V

sectionNamecloud

kind	HTTPRoute

nameproxy

	namespace	default
[
policiesO2M
K*I

kindBackendTrafficPolicy

nameproxy

	namespace	defaultr(httproute/default/proxy/rule/2/match/0/*.Ê
	websocket
httproute/default/proxy/rule/2ž*˜
•{"apiVersion":"pointsman.dev/v1alpha1","kind":"InferencePolicy","metadata":{"name":"proxy-cloud","namespace":"default","resourceVersion":"1"},"spec":{"fallback":{"to":[{"pool":{"name":"qwen"}}]},"targetRefs":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"proxy","sectionName":"cloud"}]},"status":{"ancestors":[{"ancestorRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"inference","namespace":"default"},"conditions":[{"lastTransitionTime":"2026-01-01T00:00:00Z","message":"Policy has been accepted.","reason":"Accepted","status":"True","type":"Accepted"}],"controllerName":"gateway.envoyproxy.io/gatewayclass-controller"}]}}
