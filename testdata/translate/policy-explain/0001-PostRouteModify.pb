
ö
$2
X-Gateway-Model-Namej
claim
/"f
d
envoy-gatewayS
Q
	resourcesD2B
@*>

kind	HTTPRoute

nameclaim

	namespace	defaultj‹
envoy.filters.http.jwt_authnk
Mtype.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.PerRouteConfigexample_885cecee32736b9br(httproute/default/claim/rule/0/match/0/*.Ê
	websocket
httproute/default/claim/rule/0â
½
º{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"qwen-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
*œ
™{"apiVersion":"pointsman.dev/v1alpha1","kind":"InferencePolicy","metadata":{"name":"claim","namespace":"default","resourceVersion":"1"},"spec":{"explain":{"claim":{"name":"groups","provider":"example","value":"on call"}},"targetRefs":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"claim"}]},"status":{"ancestors":[{"ancestorRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"inference","namespace":"default"},"conditions":[{"lastTransitionTime":"2026-01-01T00:00:00Z","message":"Policy has been accepted.","reason":"Accepted","status":"True","type":"Accepted"}],"controllerName":"gateway.envoyproxy.io/gatewayclass-controller"}]}}
