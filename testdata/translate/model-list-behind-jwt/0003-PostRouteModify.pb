
ï
#2
X-Gateway-Model-Namej
qwen
/"d
b
envoy-gatewayQ
O
	resourcesB2@
>*<

kind	HTTPRoute

namellm

	namespace	defaultj‹
envoy.filters.http.jwt_authnk
Mtype.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.PerRouteConfigexample_aa717d2b91693e87r&httproute/default/llm/rule/0/match/0/*,Ê
	websocket
httproute/default/llm/rule/0ê
ä
á{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen","namespace":"default","resourceVersion":"1"},"spec":{"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
*