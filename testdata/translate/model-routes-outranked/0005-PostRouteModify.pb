
ä
#2
X-Gateway-Model-Namej
code
/"e
c
envoy-gatewayR
P
	resourcesC2A
?*=

kind	HTTPRoute

namecode

	namespace	defaultr'httproute/default/code/rule/0/match/0/*-Ê
	websocket
httproute/default/code/rule/0Ã
½
º{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"code","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"code-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"code"}},"targetPorts":[{"number":8000}]}}
*