
þ

/"Æ
Ã
envoy-gateway±
X
policiesL2J
H*F

kindBackendTrafficPolicy

namecb

	namespace	default
U
	resourcesH2F
D*B

kind	HTTPRoute

name	btp-route

	namespace	defaultr,httproute/default/btp-route/rule/0/match/0/*ÿB€£J½
&connect-failure,retriable-status-codes*ˆ
*envoy.retry_host_predicates.previous_hostsZ
Xtype.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate0:÷Â€£Ê
	websocket
"httproute/default/btp-route/rule/0ö
ð
í{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"annotations":{},"creationTimestamp":"2026-01-01T00:00:00Z","generation":1,"name":"qwen-pool","namespace":"default","resourceVersion":"1","uid":"00000000-0000-0000-0000-000000000000"},"spec":{"appProtocol":"http","endpointPickerRef":{"failureMode":"FailClose","group":"","kind":"Service","name":"qwen-ext-proc","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
*