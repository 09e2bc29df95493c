
ê
#2
X-Gateway-Model-Namej
qwen
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
	namespace	defaultr)httproute/default/models/rule/0/match/0/*/Ê
	websocket
httproute/default/models/rule/0Þ
Ø
Õ{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen-pool","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","kind":"Service","name":"qwen-ext-proc","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
*