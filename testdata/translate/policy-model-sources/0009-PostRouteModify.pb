
ó
&2!
X-Gateway-Model-Namej	
whisper
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
	namespace	defaultr5httproute/default/llm/rule/1/match/0/open_example_com,Ê
	websocket
httproute/default/llm/rule/1Û
Æ
Ã{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"whisper","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"whisper-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"whisper"}},"targetPorts":[{"number":8000}]}}
open.example.com