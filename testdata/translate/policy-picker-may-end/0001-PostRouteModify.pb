
Ì
r/files/close"d
b
envoy-gatewayQ
O
	resourcesB2@
>*<

kind	HTTPRoute

namellm

	namespace	defaultr&httproute/default/llm/rule/3/match/0/*,Ê
	websocket
httproute/default/llm/rule/3Æ
À
½{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"close","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"close-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"close"}},"targetPorts":[{"number":8000}]}}
*ý
ú{"apiVersion":"pointsman.dev/v1alpha1","kind":"InferencePolicy","metadata":{"name":"early-ends","namespace":"default","resourceVersion":"1"},"spec":{"endpointPicker":{"mayEnd":"AfterRequest"},"targetRefs":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"llm"}]},"status":{"ancestors":[{"ancestorRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"inference","namespace":"default"},"conditions":[{"lastTransitionTime":"2026-01-01T00:00:00Z","message":"Policy has been accepted.","reason":"Accepted","status":"True","type":"Accepted"}],"controllerName":"gateway.envoyproxy.io/gatewayclass-controller"}]}}
