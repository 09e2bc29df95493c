
ú
%2
X-Gateway-Model-Namej
chatr/v1"{
y
envoy-gatewayh
f
	resourcesY2W
U*S

kind	HTTPRoute

namellm

	namespace	default

sectionNamechatr&httproute/default/llm/rule/0/match/0/*,Ê
	websocket
httproute/default/llm/rule/0Ã
½
º{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"chat","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"chat-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"chat"}},"targetPorts":[{"number":8000}]}}
*