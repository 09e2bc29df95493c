
Ê

/"Ó
Ð
envoy-gateway¾
e
policiesY2W
U*S

kindBackendTrafficPolicy

namebackend-timeout

	namespace	default
U
	resourcesH2F
D*B

kind	HTTPRoute

name	xns-grant

	namespace	defaultr,httproute/default/xns-grant/rule/0/match/0/*?B€£Â€£Ê
	websocket
"httproute/default/xns-grant/rule/0ï
é
æ{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"annotations":{},"creationTimestamp":"2026-01-01T00:00:00Z","generation":1,"name":"far-pool","namespace":"far","resourceVersion":"1","uid":"00000000-0000-0000-0000-000000000000"},"spec":{"appProtocol":"http","endpointPickerRef":{"failureMode":"FailClose","group":"","kind":"Service","name":"far-ext-proc","port":{"number":9002}},"selector":{"matchLabels":{"app":"far"}},"targetPorts":[{"number":8000}]}}
*