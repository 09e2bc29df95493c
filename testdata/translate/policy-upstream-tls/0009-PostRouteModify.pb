
Û
$2
X-Gateway-Model-Namej
plain
/"Ü
Ù
envoy-gatewayÇ
\
policiesP2N
L*J

kindBackendTrafficPolicy

namehealth

	namespace	default
g
	resourcesZ2X
V*T

sectionNameplain

kind	HTTPRoute

namellm

	namespace	defaultr&httproute/default/llm/rule/4/match/0/*,Ê
	websocket
httproute/default/llm/rule/4Â
¼
¹{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailOpen","name":"qwen-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
*