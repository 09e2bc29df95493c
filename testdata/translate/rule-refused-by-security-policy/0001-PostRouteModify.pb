
À
#2
X-Gateway-Model-Namej
qwen
/"h
f
envoy-gatewayU
S
	resourcesF2D
B*@

name	guarded

	namespace	default

kind	HTTPRouter*httproute/default/guarded/rule/0/match/0/*:ôÞ
Ø
Õ{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen-pool","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","kind":"Service","name":"qwen-ext-proc","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
*