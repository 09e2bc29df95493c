
å
)2$
X-Gateway-Model-Namej

unverified
/"á
Þ
envoy-gatewayÌ
l
	resources_2]
[*Y

kind	HTTPRoute

namellm

	namespace	default

sectionName
unverified
\
policiesP2N
L*J

kindBackendTrafficPolicy

namehealth

	namespace	defaultr&httproute/default/llm/rule/2/match/0/*,Ê
	websocket
httproute/default/llm/rule/2„
¼
¹{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailOpen","name":"qwen-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
*¿
¼{"apiVersion":"pointsman.dev/v1alpha1","kind":"InferencePolicy","metadata":{"name":"unverified","namespace":"default","resourceVersion":"1"},"spec":{"fallback":{"to":[{"pool":{"name":"http2"}}]},"targetRefs":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"llm","sectionName":"unverified"}],"upstreamTLS":{"mode":"SkipVerify"}},"status":{"ancestors":[{"ancestorRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"inference","namespace":"default"},"conditions":[{"lastTransitionTime":"2026-01-01T00:00:00Z","message":"Policy has been accepted.","reason":"Accepted","status":"True","type":"Accepted"}],"controllerName":"gateway.envoyproxy.io/gatewayclass-controller"}]}}
