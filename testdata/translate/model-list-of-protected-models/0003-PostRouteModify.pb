
á
#2
X-Gateway-Model-Namej
qwen
/"d
b
envoy-gatewayQ
O
	resourcesB2@
>*<

namellm

	namespace	default

kind	HTTPRouter&httproute/default/llm/rule/0/match/0/*,Ê
	websocket
httproute/default/llm/rule/0ê
ä
á{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen","namespace":"default","resourceVersion":"1"},"spec":{"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
*