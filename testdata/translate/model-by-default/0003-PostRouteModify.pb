
ú
%2
X-Gateway-Model-Namej
coder/v1"{
y
envoy-gatewayh
f
	resourcesY2W
U*S

namellm

	namespace	default

sectionNamecode

kind	HTTPRouter&httproute/default/llm/rule/1/match/0/*,Ê
	websocket
httproute/default/llm/rule/1Ã
½
º{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"code","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"code-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"code"}},"targetPorts":[{"number":8000}]}}
*