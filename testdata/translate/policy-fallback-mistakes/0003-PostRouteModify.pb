
¸
#2
X-Gateway-Model-Namej
gone
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
kind	HTTPRouter&httproute/default/llm/rule/1/match/0/*:ôÂ*¼
¹{"apiVersion":"pointsman.dev/v1alpha1","kind":"InferencePolicy","metadata":{"name":"llm","namespace":"default","resourceVersion":"1"},"spec":{"fallback":{"to":[{"pool":{"name":"missing"}},{"pool":{"name":"reserve","namespace":"others"}},{"service":{"name":"missing","port":80}},{"pool":{"name":"reserve"}}]},"models":[{"fallback":{"to":[{"pool":{"name":"missing"}}]},"name":"none"}],"targetRefs":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"llm"}]},"status":{"ancestors":[{"ancestorRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"inference","namespace":"default"},"conditions":[{"lastTransitionTime":"2026-01-01T00:00:00Z","message":"Policy has been accepted.","reason":"Accepted","status":"True","type":"Accepted"}],"controllerName":"gateway.envoyproxy.io/gatewayclass-controller"}]}}
