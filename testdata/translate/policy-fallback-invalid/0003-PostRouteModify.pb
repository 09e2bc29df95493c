
Ä
*2%
X-Gateway-Model-Namej
empty-model
/"l
j
envoy-gatewayY
W
	resourcesJ2H
F*D

kind	HTTPRoute

nameempty-model

	namespace	defaultr.httproute/default/empty-model/rule/0/match/0/*4 
	websocket
$httproute/default/empty-model/rule/0’
∫
∑{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"one","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"one-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"one"}},"targetPorts":[{"number":8000}]}}
*í
è{"apiVersion":"pointsman.dev/v1alpha1","kind":"InferencePolicy","metadata":{"name":"empty-model","namespace":"default","resourceVersion":"1"},"spec":{"fallback":{"to":[{"model":"","pool":{"name":"two"}}]},"targetRefs":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"empty-model"}]},"status":{"ancestors":[{"ancestorRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"inference","namespace":"default"},"conditions":[{"lastTransitionTime":"2026-01-01T00:00:00Z","message":"Policy has been accepted.","reason":"Accepted","status":"True","type":"Accepted"}],"controllerName":"gateway.envoyproxy.io/gatewayclass-controller"}]}}
