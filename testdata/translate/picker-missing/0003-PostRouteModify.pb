
î
*2%
X-Gateway-Model-Namej
deepseek-r1
/"f
d
envoy-gatewayS
Q
	resourcesD2B
@*>

kind	HTTPRoute

namemodes

	namespace	defaultr(httproute/default/modes/rule/1/match/0/*.Ê
	websocket
httproute/default/modes/rule/1é
ã
à{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"deepseek-pool","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailOpen","kind":"Service","name":"deepseek-ext-proc","port":{"number":9002}},"selector":{"matchLabels":{"app":"deepseek"}},"targetPorts":[{"number":8000}]}}
*