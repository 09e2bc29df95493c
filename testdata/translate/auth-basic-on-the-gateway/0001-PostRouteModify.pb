
£
#2
X-Gateway-Model-Namej
qwen
/"g
e
envoy-gatewayT
R
	resourcesE2C
A*?

namemodels

	namespace	default

kind	HTTPRoutej∂
0envoy.filters.http.basic_auth//default/passwordsÅ
Qtype.googleapis.com/envoy.extensions.filters.http.basic_auth.v3.BasicAuthPerRoute,
*(alice:{SHA}tESsBmE/yNY3lb6a0L6vVQEZNqw=
r)httproute/default/models/rule/0/match/0/*/ 
	websocket
httproute/default/models/rule/0ﬁ
ÿ
’{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen-pool","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","kind":"Service","name":"qwen-ext-proc","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
*