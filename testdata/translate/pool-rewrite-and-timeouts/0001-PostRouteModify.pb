
É
r/qwen"—
Œ
envoy-gatewayº
e
policiesY2W
U*S

kindBackendTrafficPolicy

namebackend-timeout

	namespace	default
S
	resourcesF2D
B*@

kind	HTTPRoute

name	rewrite

	namespace	defaultJ)
%
x-gateway-inference-objectivehighr*httproute/default/rewrite/rule/0/match/0/*MB
¬ê 
	websocketÇ
	^/qwen\/*/
 httproute/default/rewrite/rule/0ˆ

Ì{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"annotations":{},"creationTimestamp":"2026-01-01T00:00:00Z","generation":1,"name":"qwen-pool","namespace":"default","resourceVersion":"1","uid":"00000000-0000-0000-0000-000000000000"},"spec":{"appProtocol":"http","endpointPickerRef":{"failureMode":"FailClose","group":"","kind":"Service","name":"qwen-ext-proc","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
*