
‡
#2
X-Gateway-Model-Namej
qwen
/"e
c
envoy-gatewayR
P
	resourcesC2A
?*=

	namespace	default

kind	HTTPRoute

nameqwenj 
envoy.filters.http.api_key_auth}
Ttype.googleapis.com/envoy.extensions.filters.http.api_key_auth.v3.ApiKeyAuthPerRoute%

supersecretclient1
	x-api-keyr'httproute/default/qwen/rule/0/match/0/*-Ê
	websocket
httproute/default/qwen/rule/0Þ
Ø
Õ{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen-pool","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","kind":"Service","name":"qwen-ext-proc","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
*