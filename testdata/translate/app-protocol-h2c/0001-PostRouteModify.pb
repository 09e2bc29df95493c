
ß
#2
X-Gateway-Model-Namej
qwen
/"Ñ
Î
envoy-gateway¼
W
	resourcesJ2H
F*D

kind	HTTPRoute

namegrpc-models

	namespace	default
a
policiesU2S
Q*O

kindBackendTrafficPolicy

nameconnections

	namespace	defaultr.httproute/default/grpc-models/rule/0/match/0/*4Ê
	websocket
$httproute/default/grpc-models/rule/0€
ú
÷{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen-pool","namespace":"default","resourceVersion":"1"},"spec":{"appProtocol":"kubernetes.io/h2c","endpointPickerRef":{"failureMode":"FailClose","kind":"Service","name":"qwen-ext-proc","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
*