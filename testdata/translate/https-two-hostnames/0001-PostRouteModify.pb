
ð
#2
X-Gateway-Model-Namej
qwen
/"e
c
envoy-gatewayR
P
	resourcesC2A
?*=

nameqwen

	namespace	default

kind	HTTPRouter3httproute/default/qwen/rule/0/match/0/a_example_com-Ê
	websocket
httproute/default/qwen/rule/0ê
Ø
Õ{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen-pool","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","kind":"Service","name":"qwen-ext-proc","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
a.example.com