
∑
#2
X-Gateway-Model-Namej
qwen
/"≈
¬
envoy-gateway∞
P
	resourcesC2A
?*=

kind	HTTPRoute

nameqwen

	namespace	default
\
policiesP2N
L*J

kindBackendTrafficPolicy

namefaults

	namespace	defaultjp
envoy.filters.http.faultT
Dtype.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault
êN˜r'httproute/default/qwen/rule/0/match/0/*- 
	websocket
httproute/default/qwen/rule/0ﬁ
ÿ
’{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen-pool","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","kind":"Service","name":"qwen-ext-proc","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
*