
ø
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
	namespace	defaultr7httproute/default/models/rule/0/match/0/llm_example_com/Ê
	websocket
httproute/default/models/rule/0ì
Ø
Õ{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen-pool","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","kind":"Service","name":"qwen-ext-proc","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
llm.example.com