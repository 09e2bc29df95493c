
Ã
r/v1"d
b
envoy-gatewayQ
O
	resourcesB2@
>*<

kind	HTTPRoute

namellm

	namespace	defaultr&httproute/default/llm/rule/0/match/0/*,Ê
	websocket
httproute/default/llm/rule/0¤	
½
º{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"qwen-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
*Þ
Û{"apiVersion":"pointsman.dev/v1alpha1","kind":"InferencePolicy","metadata":{"name":"models","namespace":"default","resourceVersion":"1"},"spec":{"models":[{"aliases":["llama-8b","food-review"],"backends":[{"pool":{"name":"llama"},"weight":90},{"pool":{"name":"llama-next"},"weight":10}],"name":"llama"},{"aliases":["qwen/qwen3:8b"],"name":"qwen"},{"backends":[{"service":{"name":"tiny","port":8080}}],"name":"tiny"}],"targetRefs":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"llm"}]},"status":{"ancestors":[{"ancestorRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"inference","namespace":"default"},"conditions":[{"lastTransitionTime":"2026-01-01T00:00:00Z","message":"Policy has been accepted.","reason":"Accepted","status":"True","type":"Accepted"}],"controllerName":"gateway.envoyproxy.io/gatewayclass-controller"}]}}
