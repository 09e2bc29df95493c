
è
$2
X-Gateway-Model-Namej
close
/"f
d
envoy-gatewayS
Q
	resourcesD2B
@*>

	namespace	default

kind	HTTPRoute

namecloser(httproute/default/close/rule/0/match/0/*.Ê
	websocket
httproute/default/close/rule/0¯
À
½{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"close","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"close-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"close"}},"targetPorts":[{"number":8000}]}}
*æ
ã{"apiVersion":"pointsman.dev/v1alpha1","kind":"InferencePolicy","metadata":{"name":"led-pickers","namespace":"default","resourceVersion":"1"},"spec":{"endpointPicker":{"health":{"port":9003,"service":"inference-extension"}},"targetRefs":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"open"},{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"close"}]},"status":{"ancestors":[{"ancestorRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"inference","namespace":"default"},"conditions":[{"lastTransitionTime":"2026-01-01T00:00:00Z","message":"Policy has been accepted.","reason":"Accepted","status":"True","type":"Accepted"}],"controllerName":"gateway.envoyproxy.io/gatewayclass-controller"}]}}
