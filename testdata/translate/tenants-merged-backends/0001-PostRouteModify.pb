
ã
%2 
X-Gateway-Model-Namej
hosted
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
	namespacear,httproute/a/llm/rule/0/match/0/a_example_com,Ê
	websocket
backend/egress/hosted/0/httpÆa.example.com´
±{"apiVersion":"pointsman.dev/v1alpha1","kind":"InferencePolicy","metadata":{"name":"llm","namespace":"a","resourceVersion":"1"},"spec":{"fallback":{"to":[{"pool":{"name":"own"}}]},"models":[{"backends":[{"pool":{"name":"own"}}],"name":"private"}],"targetRefs":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"llm"}]},"status":{"ancestors":[{"ancestorRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"inference","namespace":"default"},"conditions":[{"lastTransitionTime":"2026-01-01T00:00:00Z","message":"Policy has been accepted.","reason":"Accepted","status":"True","type":"Accepted"}],"controllerName":"gateway.envoyproxy.io/gatewayclass-controller"}]}}
