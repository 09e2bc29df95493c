
÷
*2%
X-Gateway-Model-Namej
deepseek-r1
/"i
g
envoy-gatewayV
T
	resourcesG2E
C*A

kind	HTTPRoute

name
deepseek

	namespace	defaultr+httproute/default/deepseek/rule/0/match/0/*1Ê
	websocket
!httproute/default/deepseek/rule/0ê
ä
á{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"deepseek-pool","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","kind":"Service","name":"deepseek-ext-proc","port":{"number":9002}},"selector":{"matchLabels":{"app":"deepseek"}},"targetPorts":[{"number":8000}]}}
*