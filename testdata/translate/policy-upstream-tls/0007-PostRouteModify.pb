
ﬂ
&2!
X-Gateway-Model-Namej	
missing
/"ﬁ
€
envoy-gateway…
i
	resources\2Z
X*V

sectionName	missing

kind	HTTPRoute

namellm

	namespace	default
\
policiesP2N
L*J

kindBackendTrafficPolicy

namehealth

	namespace	defaultr&httproute/default/llm/rule/3/match/0/*, 
	websocket
httproute/default/llm/rule/3ê
º
π{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailOpen","name":"qwen-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
*À
»{"apiVersion":"pointsman.dev/v1alpha1","kind":"InferencePolicy","metadata":{"name":"missing","namespace":"default","resourceVersion":"1"},"spec":{"targetRefs":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"llm","sectionName":"missing"}],"upstreamTLS":{"caCertificateRefs":[{"kind":"Secret","name":"gone"}],"hostname":"pods.example.com"}},"status":{"ancestors":[{"ancestorRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"inference","namespace":"default"},"conditions":[{"lastTransitionTime":"2026-01-01T00:00:00Z","message":"Policy has been accepted.","reason":"Accepted","status":"True","type":"Accepted"}],"controllerName":"gateway.envoyproxy.io/gatewayclass-controller"}]}}
