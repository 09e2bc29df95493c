
Ì
r/plain"f
d
envoy-gatewayS
Q
	resourcesD2B
@*>

kind	HTTPRoute

nameplain

	namespace	defaultr(httproute/default/plain/rule/0/match/0/*.Ê
	websocket
httproute/default/plain/rule/0Á
½
º{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"qwen-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
*û
ø{"apiVersion":"pointsman.dev/v1alpha1","kind":"InferencePolicy","metadata":{"name":"plain","namespace":"default","resourceVersion":"1"},"spec":{"subset":{"matchLabels":{"track":"canary"}},"targetRefs":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"plain"}]},"status":{"ancestors":[{"ancestorRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"inference","namespace":"default"},"conditions":[{"lastTransitionTime":"2026-01-01T00:00:00Z","message":"Policy has been accepted.","reason":"Accepted","status":"True","type":"Accepted"}],"controllerName":"gateway.envoyproxy.io/gatewayclass-controller"}]}}
