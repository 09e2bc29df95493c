
Ñ

r/backend"g
e
envoy-gatewayT
R
	resourcesE2C
A*?

kind	HTTPRoute

namecanary

	namespace	defaultr)httproute/default/canary/rule/0/match/0/*/Ê
	websocket
httproute/default/canary/rule/0Ã
½
º{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"qwen-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
*ý
ú{"apiVersion":"pointsman.dev/v1alpha1","kind":"InferencePolicy","metadata":{"name":"canary","namespace":"default","resourceVersion":"1"},"spec":{"subset":{"matchLabels":{"track":"canary"}},"targetRefs":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"canary"}]},"status":{"ancestors":[{"ancestorRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"inference","namespace":"default"},"conditions":[{"lastTransitionTime":"2026-01-01T00:00:00Z","message":"Policy has been accepted.","reason":"Accepted","status":"True","type":"Accepted"}],"controllerName":"gateway.envoyproxy.io/gatewayclass-controller"}]}}
