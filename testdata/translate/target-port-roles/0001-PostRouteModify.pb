
ç
#2
X-Gateway-Model-Namej
qwen
/"f
d
envoy-gatewayS
Q
	resourcesD2B
@*>

	namespace	default

kind	HTTPRoute

nameportsr(httproute/default/ports/rule/0/match/0/*.Ê
	websocket
httproute/default/ports/rule/0â
Ü
Ù{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen-pool","namespace":"default","resourceVersion":"1"},"spec":{"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":9090,"role":"Metrics"},{"number":8000,"role":"Serving"},{"number":8081,"role":"Health"},{"number":8002,"role":"Prefill"}]}}
*