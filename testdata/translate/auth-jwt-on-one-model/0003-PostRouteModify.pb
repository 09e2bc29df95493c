
ò
#2
X-Gateway-Model-Namej
qwen
/"e
c
envoy-gatewayR
P
	resourcesC2A
?*=

kind	HTTPRoute

nameqwen

	namespace	defaultj‹
envoy.filters.http.jwt_authnk
Mtype.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.PerRouteConfigexample_885cecee32736b9br'httproute/default/qwen/rule/0/match/0/*-Ê
	websocket
httproute/default/qwen/rule/0Þ
Ø
Õ{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen-pool","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","kind":"Service","name":"qwen-ext-proc","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
*