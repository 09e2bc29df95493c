
â
(2#
X-Gateway-Model-Namej
	proxy-tls
/"Û
Ø
envoy-gatewayÆ
g
	resourcesZ2X
V*T

sectionNametls
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
	namespace	defaultr(httproute/default/proxy/rule/0/match/0/*.Ê
	websocket
httproute/default/proxy/rule/0Ì
¼
¹{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailOpen","name":"qwen-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
*‡
„{"apiVersion":"pointsman.dev/v1alpha1","kind":"InferencePolicy","metadata":{"name":"proxy","namespace":"default","resourceVersion":"1"},"spec":{"targetRefs":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"proxy","sectionName":"tls"}],"upstreamTLS":{"mode":"SkipVerify"}},"status":{"ancestors":[{"ancestorRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"inference","namespace":"default"},"conditions":[{"lastTransitionTime":"2026-01-01T00:00:00Z","message":"Policy has been accepted.","reason":"Accepted","status":"True","type":"Accepted"}],"controllerName":"gateway.envoyproxy.io/gatewayclass-controller"}]}}
