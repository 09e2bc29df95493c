
ï
+2&
X-Gateway-Model-Namej
metrics-only
/"f
d
envoy-gatewayS
Q
	resourcesD2B
@*>

nameports

	namespace	default

kind	HTTPRouter(httproute/default/ports/rule/1/match/0/*.Ê
	websocket
httproute/default/ports/rule/1Ç
Á
¾{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"metrics-only","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"name":"qwen-ext-proc","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":9090,"role":"Metrics"}]}}
*