
è
*2%
X-Gateway-Model-Namej
deepseek/r1
/"d
b
envoy-gatewayQ
O
	resourcesB2@
>*<

kind	HTTPRoute

namellm

	namespace	defaultr&httproute/default/llm/rule/1/match/0/*,Ê
	websocket
httproute/default/llm/rule/1Ï
É
Æ{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"deepseek","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"deepseek-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"deepseek"}},"targetPorts":[{"number":8000}]}}
*