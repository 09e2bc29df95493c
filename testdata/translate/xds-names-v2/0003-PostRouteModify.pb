
ð
#2
X-Gateway-Model-Namej
qwen
/"f
d
envoy-gatewayS
Q
	resourcesD2B
@*>

	namespace	default

kind	HTTPRoute

nameotherr1httproute/default/other/rule/0/match/0/other_test.Ê
	websocket
httproute/default/other/rule/0ç
Ø
Õ{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen-pool","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","kind":"Service","name":"qwen-ext-proc","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}

other.test