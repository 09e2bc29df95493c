
Ô

r/missing"h
f
envoy-gatewayU
S
	resourcesF2D
B*@

name	missing

	namespace	default

kind	HTTPRouter*httproute/default/missing/rule/0/match/0/*0Ê
	websocket
 httproute/default/missing/rule/0•
À
½{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"llama","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"llama-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"llama"}},"targetPorts":[{"number":8000}]}}
*Ì
É{"apiVersion":"pointsman.dev/v1alpha1","kind":"InferencePolicy","metadata":{"name":"missing","namespace":"default","resourceVersion":"1"},"spec":{"endpointPicker":{"tls":{"caCertificateRefs":[{"name":"picker-ca"},{"kind":"Secret","name":"nowhere"}],"mode":"Verify"}},"targetRefs":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"missing"}]},"status":{"ancestors":[{"ancestorRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"inference","namespace":"default"},"conditions":[{"lastTransitionTime":"2026-01-01T00:00:00Z","message":"Policy has been accepted.","reason":"Accepted","status":"True","type":"Accepted"}],"controllerName":"gateway.envoyproxy.io/gatewayclass-controller"}]}}
