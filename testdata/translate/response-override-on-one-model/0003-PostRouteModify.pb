
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

namecode

	namespace	default

kind	HTTPRouter'httproute/default/code/rule/0/match/0/*-Ê
	websocket
httproute/default/code/rule/0Ã
½
º{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"chat","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"chat-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"chat"}},"targetPorts":[{"number":8000}]}}
*