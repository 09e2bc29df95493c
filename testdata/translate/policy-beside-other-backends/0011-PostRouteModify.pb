
à
"2
X-Gateway-Model-Namej
tls
/"d
b
envoy-gatewayQ
O
	resourcesB2@
>*<

kind	HTTPRoute

nametls

	namespace	defaultr&httproute/default/tls/rule/0/match/0/*,Ê
	websocket
httproute/default/tls/rule/0´*®
«{"apiVersion":"pointsman.dev/v1alpha1","kind":"InferencePolicy","metadata":{"name":"others","namespace":"default","resourceVersion":"1"},"spec":{"fallback":{"to":[{"pool":{"name":"http2"}},{"pool":{"name":"qwen"}}]},"models":[{"backends":[{"pool":{"name":"qwen"}}],"name":"own"},{"backends":[{"pool":{"name":"http2"}}],"name":"http2"},{"backends":[{"model":"other","service":{"name":"outside","port":8080}}],"name":"outside"}],"targetRefs":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"key"},{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"tls"}]},"status":{"ancestors":[{"ancestorRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"inference","namespace":"default"},"conditions":[{"lastTransitionTime":"2026-01-01T00:00:00Z","message":"Policy has been accepted.","reason":"Accepted","status":"True","type":"Accepted"}],"controllerName":"gateway.envoyproxy.io/gatewayclass-controller"}]}}
