
Þ
r/plain"|
z
envoy-gatewayi
g
	resourcesZ2X
V*T

kind	HTTPRoute

namellm

	namespace	default

sectionNameplainr&httproute/default/llm/rule/1/match/0/*,Ê
	websocket
httproute/default/llm/rule/1³*—
”{"apiVersion":"pointsman.dev/v1alpha1","kind":"InferencePolicy","metadata":{"name":"on-rule-plain","namespace":"default","resourceVersion":"1"},"spec":{"endpointPicker":{"failureMode":"FailOpen"},"targetRefs":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"llm","sectionName":"plain"}]},"status":{"ancestors":[{"ancestorRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"inference","namespace":"default"},"conditions":[{"lastTransitionTime":"2026-01-01T00:00:00Z","message":"Policy has been accepted.","reason":"Accepted","status":"True","type":"Accepted"}],"controllerName":"gateway.envoyproxy.io/gatewayclass-controller"}]}}
à
Ý{"apiVersion":"pointsman.dev/v1alpha1","kind":"InferencePolicy","metadata":{"name":"invalid-spec","namespace":"default","resourceVersion":"1"},"spec":{"mirrors":5,"targetRefs":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"llm"}]},"status":{"ancestors":[{"ancestorRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"inference","namespace":"default"},"conditions":[{"lastTransitionTime":"2026-01-01T00:00:00Z","message":"Policy has been accepted.","reason":"Accepted","status":"True","type":"Accepted"}],"controllerName":"gateway.envoyproxy.io/gatewayclass-controller"}]}}
Ø
Õ{"apiVersion":"pointsman.dev/v1alpha1","kind":"InferencePolicy","metadata":{"name":"no-group","namespace":"default","resourceVersion":"1"},"spec":{"endpointPicker":{"failureMode":"FailOpen"},"targetRefs":[{"kind":"HTTPRoute","name":"llm"}]},"status":{"ancestors":[{"ancestorRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"inference","namespace":"default"},"conditions":[{"lastTransitionTime":"2026-01-01T00:00:00Z","message":"Policy has been accepted.","reason":"Accepted","status":"True","type":"Accepted"}],"controllerName":"gateway.envoyproxy.io/gatewayclass-controller"}]}}
ü
ù{"apiVersion":"pointsman.dev/v1alpha1","kind":"InferencePolicy","metadata":{"name":"on-route","namespace":"default","resourceVersion":"1"},"spec":{"endpointPicker":{"failureMode":"FailOpen"},"targetRefs":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"llm"}]},"status":{"ancestors":[{"ancestorRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"inference","namespace":"default"},"conditions":[{"lastTransitionTime":"2026-01-01T00:00:00Z","message":"Policy has been accepted.","reason":"Accepted","status":"True","type":"Accepted"}],"controllerName":"gateway.envoyproxy.io/gatewayclass-controller"}]}}
Ö
Ó{"apiVersion":"pointsman.dev/v1alpha1","kind":"InferencePolicy","metadata":{"name":"two-targets","namespace":"default","resourceVersion":"1"},"spec":{"endpointPicker":{"failureMode":"FailOpen"},"nonsense":5,"targetRefs":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"llm"},{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"inference"}]},"status":{"ancestors":[{"ancestorRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"inference","namespace":"default"},"conditions":[{"lastTransitionTime":"2026-01-01T00:00:00Z","message":"Policy has been accepted.","reason":"Accepted","status":"True","type":"Accepted"}],"controllerName":"gateway.envoyproxy.io/gatewayclass-controller"}]}}
