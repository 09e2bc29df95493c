
Í
%2 
X-Gateway-Model-Namej
client
/"Ç
Ä
envoy-gateway²
\
policiesP2N
L*J

kindBackendTrafficPolicy

nameclient

	namespace	default
R
	resourcesE2C
A*?

kind	HTTPRoute

nameclient

	namespace	defaultr)httproute/default/client/rule/0/match/0/*/Ê
	websocket
httproute/default/client/rule/0ï
¼
¹{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailOpen","name":"qwen-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
*ª
§{"apiVersion":"pointsman.dev/v1alpha1","kind":"InferencePolicy","metadata":{"name":"client","namespace":"default","resourceVersion":"1"},"spec":{"fallback":{"to":[{"pool":{"name":"http2"}},{"service":{"name":"outside","port":8080}}]},"targetRefs":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"client"}]},"status":{"ancestors":[{"ancestorRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"inference","namespace":"default"},"conditions":[{"lastTransitionTime":"2026-01-01T00:00:00Z","message":"Policy has been accepted.","reason":"Accepted","status":"True","type":"Accepted"}],"controllerName":"gateway.envoyproxy.io/gatewayclass-controller"}]}}
