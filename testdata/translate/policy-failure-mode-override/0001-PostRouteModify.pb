
à
	r/closed"}
{
envoy-gatewayj
h
	resources[2Y
W*U

sectionNameclosed

kind	HTTPRoute

namellm

	namespace	defaultr&httproute/default/llm/rule/1/match/0/*,Ê
	websocket
httproute/default/llm/rule/1Ã
½
º{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"qwen-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
*