
ì
%2 
X-Gateway-Model-Namej
agreed
/"g
e
envoy-gatewayT
R
	resourcesE2C
A*?

kind	HTTPRoute

nameagreed

	namespace	defaultr)httproute/default/agreed/rule/0/match/0/*/Ê
	websocket
httproute/default/agreed/rule/0Â
¼
¹{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailOpen","name":"qwen-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
*