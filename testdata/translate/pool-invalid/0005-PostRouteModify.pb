
ë
$2
X-Gateway-Model-Namej
llama
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
	namespace	defaultr)httproute/default/models/rule/2/match/0/*/Ê
	websocket
httproute/default/models/rule/2´
Û
Ø{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"llama-pool","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","kind":"Service","name":"llama-ext-proc","port":{"number":9002}},"selector":{"matchLabels":{"app":"llama"}},"targetPorts":[{"number":8000}]}}

Ð
Í{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen-pool","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"group":"apps","kind":"Deployment","name":"qwen-ext-proc","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
*