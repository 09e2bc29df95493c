
ä
#2
X-Gateway-Model-Namej
none
/"e
c
envoy-gatewayR
P
	resourcesC2A
?*=

kind	HTTPRoute

namenone

	namespace	defaultr'httproute/default/none/rule/0/match/0/*-Ê
	websocket
httproute/default/none/rule/0Â
¼
¹{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"open","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailOpen","name":"open-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"open"}},"targetPorts":[{"number":8000}]}}
*