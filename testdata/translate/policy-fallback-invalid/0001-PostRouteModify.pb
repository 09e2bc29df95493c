
ä
#2
X-Gateway-Model-Namej
back
/"e
c
envoy-gatewayR
P
	resourcesC2A
?*=

kind	HTTPRoute

nameback

	namespace	defaultr'httproute/default/back/rule/0/match/0/*-Ê
	websocket
httproute/default/back/rule/0¼
º
·{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"two","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"two-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"two"}},"targetPorts":[{"number":8000}]}}
*ù
ö{"apiVersion":"pointsman.dev/v1alpha1","kind":"InferencePolicy","metadata":{"name":"back","namespace":"default","resourceVersion":"1"},"spec":{"fallback":{"to":[{"pool":{"name":"one"}}]},"targetRefs":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"back"}]},"status":{"ancestors":[{"ancestorRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"inference","namespace":"default"},"conditions":[{"lastTransitionTime":"2026-01-01T00:00:00Z","message":"Policy has been accepted.","reason":"Accepted","status":"True","type":"Accepted"}],"controllerName":"gateway.envoyproxy.io/gatewayclass-controller"}]}}
