
‰
%2
X-Gateway-Model-Namej
qwenr/v1"è
å
envoy-gatewayÓ
e
policiesY2W
U*S

kindBackendTrafficPolicy

namebackend-timeout

	namespace	default
j
	resources]2[
Y*W

kind	HTTPRoute

name	canary3

	namespace	default

sectionNameqwenr6httproute/default/canary3/rule/0/match/0/a_example_com=B€£Â€£Ê
	websocket
 httproute/default/canary3/rule/0ƒ
ð
í{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"annotations":{},"creationTimestamp":"2026-01-01T00:00:00Z","generation":1,"name":"qwen-pool","namespace":"default","resourceVersion":"1","uid":"00000000-0000-0000-0000-000000000000"},"spec":{"appProtocol":"http","endpointPickerRef":{"failureMode":"FailClose","group":"","kind":"Service","name":"qwen-ext-proc","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}

þ
û{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"annotations":{},"creationTimestamp":"2026-01-01T00:00:00Z","generation":1,"name":"deepseek-pool","namespace":"default","resourceVersion":"1","uid":"00000000-0000-0000-0000-000000000000"},"spec":{"appProtocol":"http","endpointPickerRef":{"failureMode":"FailOpen","group":"","kind":"Service","name":"deepseek-ext-proc","port":{"number":9002}},"selector":{"matchLabels":{"app":"deepseek-r1"}},"targetPorts":[{"number":8000}]}}
a.example.com