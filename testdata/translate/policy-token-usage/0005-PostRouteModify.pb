
â
$2
X-Gateway-Model-Namej
llama
/"d
b
envoy-gatewayQ
O
	resourcesB2@
>*<

kind	HTTPRoute

namellm

	namespace	defaultr&httproute/default/llm/rule/1/match/0/*,Ê
	websocket
httproute/default/llm/rule/1þ	
¿
¼{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"llama","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailOpen","name":"llama-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"llama"}},"targetPorts":[{"number":8000}]}}

Î
Ë{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"llama-next","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailOpen","name":"llama-next-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"llama-next"}},"targetPorts":[{"number":8000}]}}
*å
â{"apiVersion":"pointsman.dev/v1alpha1","kind":"InferencePolicy","metadata":{"name":"tokens","namespace":"default","resourceVersion":"1"},"spec":{"targetRefs":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"llm"}],"tokenUsage":"Enabled"},"status":{"ancestors":[{"ancestorRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"inference","namespace":"default"},"conditions":[{"lastTransitionTime":"2026-01-01T00:00:00Z","message":"Policy has been accepted.","reason":"Accepted","status":"True","type":"Accepted"}],"controllerName":"gateway.envoyproxy.io/gatewayclass-controller"}]}}
