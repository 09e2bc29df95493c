
ñ
*2%
X-Gateway-Model-Namej
deepseek-r1
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
	namespace	defaultr)httproute/default/models/rule/1/match/0/*/Ê
	websocket
httproute/default/models/rule/1ë
å
â{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"deepseek-pool","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","kind":"Service","name":"deepseek-ext-proc","port":{"number":9002}},"selector":{"matchLabels":{"app":"deepseek"}},"targetPorts":[{"number":70000}]}}
*