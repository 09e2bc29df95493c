
Ë
$2
X-Gateway-Model-Namej
twice
/"f
d
envoy-gatewayS
Q
	resourcesD2B
@*>

kind	HTTPRoute

nametwice

	namespace	defaultr(httproute/default/twice/rule/0/match/0/*. 
	websocket
httproute/default/twice/rule/0÷
∫
∑{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"one","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"one-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"one"}},"targetPorts":[{"number":8000}]}}
*ì
ê{"apiVersion":"pointsman.dev/v1alpha1","kind":"InferencePolicy","metadata":{"name":"twice","namespace":"default","resourceVersion":"1"},"spec":{"fallback":{"to":[{"pool":{"name":"two"}},{"pool":{"name":"two"}}]},"targetRefs":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"twice"}]},"status":{"ancestors":[{"ancestorRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"inference","namespace":"default"},"conditions":[{"lastTransitionTime":"2026-01-01T00:00:00Z","message":"Policy has been accepted.","reason":"Accepted","status":"True","type":"Accepted"}],"controllerName":"gateway.envoyproxy.io/gatewayclass-controller"}]}}
