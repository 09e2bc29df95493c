
Â
,2
X-Gateway-Model-Namej
qwenr
/team/qwen"∆
√
envoy-gateway±
P
	resourcesC2A
?*=

kind	HTTPRoute

nameqwen

	namespace	default
]
policiesQ2O
M*K

kindBackendTrafficPolicy

name	prompts

	namespace	defaultR

x-setby-routejs
envoy.filters.http.bufferV
Jtype.googleapis.com/envoy.extensions.filters.http.buffer.v3.BufferPerRoute
†çr'httproute/default/qwen/rule/0/match/0/*7Ç
^/team/qwen\/*/
httproute/default/qwen/rule/0ﬁ
ÿ
’{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen-pool","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","kind":"Service","name":"qwen-ext-proc","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
*