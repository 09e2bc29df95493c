
ë
$2
X-Gateway-Model-Namej
gemma
/"g
e
envoy-gatewayT
R
	resourcesE2C
A*?

kind	HTTPRoute

namemodels

	namespace	defaultr)httproute/default/models/rule/3/match/0/*/Ê
	websocket
httproute/default/models/rule/3³
­
ª{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"gemma-pool","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"name":"gemma-ext-proc","port":{"number":0}},"selector":{"matchLabels":{"app":"gemma"}},"targetPorts":[{"number":8000}]}}
*