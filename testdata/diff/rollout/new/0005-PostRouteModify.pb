
ô
(2#
X-Gateway-Model-Namej
	new-model
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
	namespace	defaultr4httproute/default/llm/rule/1/match/0/llm_example_com,Ê
	websocket
httproute/default/llm/rule/1Ú
Æ
Ã{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"canary","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"canary-picker","port":{"number":9002}},"selector":{"matchLabels":{"app":"canary"}},"targetPorts":[{"number":8000}]}}
llm.example.com