
ò
&2!
X-Gateway-Model-Namej	
whisper
/"d
b
envoy-gatewayQ
O
	resourcesB2@
>*<

	namespace	default

kind	HTTPRoute

namellmr4httproute/default/llm/rule/1/match/0/llm_example_com,Ê
	websocket
httproute/default/llm/rule/1Ú
Æ
Ã{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"whisper","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"whisper-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"whisper"}},"targetPorts":[{"number":8000}]}}
llm.example.com