
à
$2
X-Gateway-Model-Namej
proxy
/"Ý
Ú
envoy-gatewayÈ
i
	resources\2Z
X*V

kind	HTTPRoute

nameproxy

	namespace	default

sectionNameplain
[
policiesO2M
K*I

kindBackendTrafficPolicy

nameproxy

	namespace	defaultr(httproute/default/proxy/rule/1/match/0/*.Ê
	websocket
httproute/default/proxy/rule/1Â
¼
¹{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailOpen","name":"qwen-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
*