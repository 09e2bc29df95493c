
á
#2
X-Gateway-Model-Namej
qwen
/"d
b
envoy-gatewayQ
O
	resourcesB2@
>*<

namellm

	namespace	default

kind	HTTPRouter&httproute/default/llm/rule/0/match/0/*,Ê
	websocket
httproute/default/llm/rule/0¿	
½
º{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"qwen-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
*ù
ö{"apiVersion":"pointsman.dev/v1alpha1","kind":"InferencePolicy","metadata":{"name":"llm","namespace":"default","resourceVersion":"1"},"spec":{"mirrors":[{"model":"recorded","service":{"name":"recorder","port":8080}},{"model":"shadow-7b","pool":{"name":"shadow"}},{"endpointPicker":"Skip","model":"unpicked","pool":{"name":"shadow"}}],"models":[{"backends":[{"model":"gpt/5 \"x\" \\ Ã©","service":{"name":"outside","port":8080}}],"name":"gpt"}],"targetRefs":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"llm"}]},"status":{"ancestors":[{"ancestorRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"inference","namespace":"default"},"conditions":[{"lastTransitionTime":"2026-01-01T00:00:00Z","message":"Policy has been accepted.","reason":"Accepted","status":"True","type":"Accepted"}],"controllerName":"gateway.envoyproxy.io/gatewayclass-controller"}]}}
