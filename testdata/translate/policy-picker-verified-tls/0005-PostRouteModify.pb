
À
r/ca"c
a
envoy-gatewayP
N
	resourcesA2?
=*;

kind	HTTPRoute

nameca

	namespace	defaultr%httproute/default/ca/rule/0/match/0/*+Ê
	websocket
httproute/default/ca/rule/0…
½
º{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"qwen-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
*¿
¼{"apiVersion":"pointsman.dev/v1alpha1","kind":"InferencePolicy","metadata":{"name":"ca","namespace":"default","resourceVersion":"1"},"spec":{"endpointPicker":{"tls":{"caCertificateRefs":[{"name":"picker-ca"}],"hostname":"picker.example.com","mode":"Verify"}},"targetRefs":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"ca"}]},"status":{"ancestors":[{"ancestorRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"inference","namespace":"default"},"conditions":[{"lastTransitionTime":"2026-01-01T00:00:00Z","message":"Policy has been accepted.","reason":"Accepted","status":"True","type":"Accepted"}],"controllerName":"gateway.envoyproxy.io/gatewayclass-controller"}]}}
