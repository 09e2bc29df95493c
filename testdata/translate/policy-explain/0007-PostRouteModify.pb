
…
>29
X-Gateway-Model-Namej!
odd; pool=forged "%REQ(:PATH)%"
/"g
e
envoy-gatewayT
R
	resourcesE2C
A*?

kind	HTTPRoute

namesecret

	namespace	defaultr)httproute/default/secret/rule/0/match/1/*/Ê
	websocket
httproute/default/secret/rule/0õ
½
º{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"qwen-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
*¯
¬{"apiVersion":"pointsman.dev/v1alpha1","kind":"InferencePolicy","metadata":{"name":"secret","namespace":"default","resourceVersion":"1"},"spec":{"explain":{"secretSha256":"41ef4bb0b23661e66301aac36066912dac037827b4ae63a7b1165a5aa93ed4eb"},"targetRefs":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"secret"}]},"status":{"ancestors":[{"ancestorRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"inference","namespace":"default"},"conditions":[{"lastTransitionTime":"2026-01-01T00:00:00Z","message":"Policy has been accepted.","reason":"Accepted","status":"True","type":"Accepted"}],"controllerName":"gateway.envoyproxy.io/gatewayclass-controller"}]}}
