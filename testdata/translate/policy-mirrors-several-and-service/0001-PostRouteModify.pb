
“
#2
X-Gateway-Model-Namej
qwen
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
	namespace	defaultr&httproute/default/llm/rule/0/match/0/*^Ê
	websocketò/
%httproute/default/llm/rule/0-mirror-0
d0
httproute/default/llm/rule/0²
½
º{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"qwen-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}

É
Æ{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"deepseek","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"deepseek-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"deepseek"}},"targetPorts":[{"number":8000}]}}
* 
{"apiVersion":"pointsman.dev/v1alpha1","kind":"InferencePolicy","metadata":{"name":"shadow","namespace":"default","resourceVersion":"1"},"spec":{"mirrors":[{"percent":50,"pool":{"name":"shadow"}},{"endpointPicker":"Skip","percent":0.5,"pool":{"name":"other"}},{"percent":1.25,"service":{"name":"audit","port":8080}},{"percent":0,"pool":{"name":"never"}}],"targetRefs":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"llm"}]},"status":{"ancestors":[{"ancestorRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"inference","namespace":"default"},"conditions":[{"lastTransitionTime":"2026-01-01T00:00:00Z","message":"Policy has been accepted.","reason":"Accepted","status":"True","type":"Accepted"}],"controllerName":"gateway.envoyproxy.io/gatewayclass-controller"}]}}
