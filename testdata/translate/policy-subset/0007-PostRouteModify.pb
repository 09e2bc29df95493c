
ä
#2
X-Gateway-Model-Namej
open
/"e
c
envoy-gatewayR
P
	resourcesC2A
?*=

kind	HTTPRoute

nameopen

	namespace	defaultr'httproute/default/open/rule/0/match/0/*-Ê
	websocket
httproute/default/open/rule/0¾
¼
¹{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"open","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailOpen","name":"open-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"open"}},"targetPorts":[{"number":8000}]}}
*ù
ö{"apiVersion":"pointsman.dev/v1alpha1","kind":"InferencePolicy","metadata":{"name":"open","namespace":"default","resourceVersion":"1"},"spec":{"subset":{"matchLabels":{"track":"canary"}},"targetRefs":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"open"}]},"status":{"ancestors":[{"ancestorRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"inference","namespace":"default"},"conditions":[{"lastTransitionTime":"2026-01-01T00:00:00Z","message":"Policy has been accepted.","reason":"Accepted","status":"True","type":"Accepted"}],"controllerName":"gateway.envoyproxy.io/gatewayclass-controller"}]}}
