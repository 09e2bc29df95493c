
ä
#2
X-Gateway-Model-Namej
five
/"e
c
envoy-gatewayR
P
	resourcesC2A
?*=

kind	HTTPRoute

namefive

	namespace	defaultr'httproute/default/five/rule/0/match/0/*-Ê
	websocket
httproute/default/five/rule/0Ø
º
·{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"one","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"one-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"one"}},"targetPorts":[{"number":8000}]}}
*•
’{"apiVersion":"pointsman.dev/v1alpha1","kind":"InferencePolicy","metadata":{"name":"five","namespace":"default","resourceVersion":"1"},"spec":{"fallback":{"to":[{"service":{"name":"s0","port":80}},{"service":{"name":"s1","port":80}},{"service":{"name":"s2","port":80}},{"service":{"name":"s3","port":80}},{"service":{"name":"s4","port":80}}]},"targetRefs":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"five"}]},"status":{"ancestors":[{"ancestorRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"inference","namespace":"default"},"conditions":[{"lastTransitionTime":"2026-01-01T00:00:00Z","message":"Policy has been accepted.","reason":"Accepted","status":"True","type":"Accepted"}],"controllerName":"gateway.envoyproxy.io/gatewayclass-controller"}]}}
