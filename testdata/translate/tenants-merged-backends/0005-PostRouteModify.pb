
î
%2 
X-Gateway-Model-Namej
shared
/"^
\
envoy-gatewayK
I
	resources<2:
8*6

kind	HTTPRoute

namellm

	namespacebr,httproute/b/llm/rule/1/match/0/b_example_com7 Ê
	websocket$
"
backend/egress/hosted/0/httpü
³
°{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"own","namespace":"b","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailOpen","name":"own-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"own"}},"targetPorts":[{"number":8000}]}}
b.example.com´
±{"apiVersion":"pointsman.dev/v1alpha1","kind":"InferencePolicy","metadata":{"name":"llm","namespace":"b","resourceVersion":"1"},"spec":{"fallback":{"to":[{"pool":{"name":"own"}}]},"models":[{"backends":[{"pool":{"name":"own"}}],"name":"private"}],"targetRefs":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"llm"}]},"status":{"ancestors":[{"ancestorRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"inference","namespace":"default"},"conditions":[{"lastTransitionTime":"2026-01-01T00:00:00Z","message":"Policy has been accepted.","reason":"Accepted","status":"True","type":"Accepted"}],"controllerName":"gateway.envoyproxy.io/gatewayclass-controller"}]}}
