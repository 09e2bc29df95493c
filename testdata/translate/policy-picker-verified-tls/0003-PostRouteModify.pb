
Ð
	r/system"g
e
envoy-gatewayT
R
	resourcesE2C
A*?

kind	HTTPRoute

namesystem

	namespace	defaultr)httproute/default/system/rule/0/match/0/*/Ê
	websocket
httproute/default/system/rule/0Î
É
Æ{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"deepseek","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"deepseek-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"deepseek"}},"targetPorts":[{"number":8000}]}}
*ü
ù{"apiVersion":"pointsman.dev/v1alpha1","kind":"InferencePolicy","metadata":{"name":"system","namespace":"default","resourceVersion":"1"},"spec":{"endpointPicker":{"tls":{"mode":"Verify"}},"targetRefs":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"system"}]},"status":{"ancestors":[{"ancestorRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"inference","namespace":"default"},"conditions":[{"lastTransitionTime":"2026-01-01T00:00:00Z","message":"Policy has been accepted.","reason":"Accepted","status":"True","type":"Accepted"}],"controllerName":"gateway.envoyproxy.io/gatewayclass-controller"}]}}
