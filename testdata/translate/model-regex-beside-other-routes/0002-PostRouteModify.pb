
é
r/pool"Ð
Í
envoy-gateway»
e
policiesY2W
U*S

kindBackendTrafficPolicy

namebackend-timeout

	namespace	default
R
	resourcesE2C
A*?

kind	HTTPRoute

namemodels

	namespace	defaultJ

x-teamar)httproute/default/models/rule/1/match/0/*OB€£Â€£Ê
	websocket‚
	^/pool\/*/
httproute/default/models/rule/1„
þ
û{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"annotations":{},"creationTimestamp":"2026-01-01T00:00:00Z","generation":1,"name":"deepseek-pool","namespace":"default","resourceVersion":"1","uid":"00000000-0000-0000-0000-000000000000"},"spec":{"appProtocol":"http","endpointPickerRef":{"failureMode":"FailOpen","group":"","kind":"Service","name":"deepseek-ext-proc","port":{"number":9002}},"selector":{"matchLabels":{"app":"deepseek-r1"}},"targetPorts":[{"number":8000}]}}
*