
Ü
r/rest"{
y
envoy-gatewayh
f
	resourcesY2W
U*S

kind	HTTPRoute

namellm

	namespace	default

sectionNamerestr&httproute/default/llm/rule/2/match/0/*,Ê
	websocket
httproute/default/llm/rule/2Ý
½
º{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"qwen-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
*—
”{"apiVersion":"pointsman.dev/v1alpha1","kind":"InferencePolicy","metadata":{"name":"models","namespace":"default","resourceVersion":"1"},"spec":{"models":[{"aliases":["sql"],"name":"food-review"}],"targetRefs":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"llm","sectionName":"rest"}]},"status":{"ancestors":[{"ancestorRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"inference","namespace":"default"},"conditions":[{"lastTransitionTime":"2026-01-01T00:00:00Z","message":"Policy has been accepted.","reason":"Accepted","status":"True","type":"Accepted"}],"controllerName":"gateway.envoyproxy.io/gatewayclass-controller"}]}}
