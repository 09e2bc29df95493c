
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
httproute/default/open/rule/0«
¼
¹{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"open","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailOpen","name":"open-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"open"}},"targetPorts":[{"number":8000}]}}
*æ
ã{"apiVersion":"pointsman.dev/v1alpha1","kind":"InferencePolicy","metadata":{"name":"led-pickers","namespace":"default","resourceVersion":"1"},"spec":{"endpointPicker":{"health":{"port":9003,"service":"inference-extension"}},"targetRefs":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"open"},{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"close"}]},"status":{"ancestors":[{"ancestorRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"inference","namespace":"default"},"conditions":[{"lastTransitionTime":"2026-01-01T00:00:00Z","message":"Policy has been accepted.","reason":"Accepted","status":"True","type":"Accepted"}],"controllerName":"gateway.envoyproxy.io/gatewayclass-controller"}]}}
