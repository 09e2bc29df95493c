
Ó

/"e
c
envoy-gatewayR
P
	resourcesC2A
?*=

kind	HTTPRoute

namerest

	namespace	defaultr6httproute/default/rest/rule/0/match/0/open_example_com-Ê
	websocket
httproute/default/rest/rule/0Ò
½
º{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"qwen-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
open.example.com