
ú
%2 
X-Gateway-Model-Namej
secret
/"g
e
envoy-gatewayT
R
	resourcesE2C
A*?

kind	HTTPRoute

namesecret

	namespace	defaultj‹
envoy.filters.http.jwt_authnk
Mtype.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.PerRouteConfigexample_aa717d2b91693e87r)httproute/default/secret/rule/0/match/0/*/Ê
	websocket
httproute/default/secret/rule/0ê
ä
á{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen","namespace":"default","resourceVersion":"1"},"spec":{"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
*