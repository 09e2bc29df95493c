
í
)2$
X-Gateway-Model-Namej

qwen-zonal
/"f
d
envoy-gatewayS
Q
	resourcesD2B
@*>

kind	HTTPRoute

namezonal

	namespace	defaultr(httproute/default/zonal/rule/0/match/0/*.Ê
	websocket
httproute/default/zonal/rule/0Ô

½
º{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"qwen-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}

½
º{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"next","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"next-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"next"}},"targetPorts":[{"number":8000}]}}
*Î
Ë{"apiVersion":"pointsman.dev/v1alpha1","kind":"InferencePolicy","metadata":{"name":"zonal","namespace":"default","resourceVersion":"1"},"spec":{"fallback":{"to":[{"model":"qwen","pool":{"name":"qwen"}}]},"subset":{"matchLabels":{"example.com/zone":"a","track":"stable"}},"targetRefs":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"zonal"}]},"status":{"ancestors":[{"ancestorRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"inference","namespace":"default"},"conditions":[{"lastTransitionTime":"2026-01-01T00:00:00Z","message":"Policy has been accepted.","reason":"Accepted","status":"True","type":"Accepted"}],"controllerName":"gateway.envoyproxy.io/gatewayclass-controller"}]}}
