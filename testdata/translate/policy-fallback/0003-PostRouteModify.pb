
È
&2!
X-Gateway-Model-Namej	
limited
/"É
Æ
envoy-gateway´
]
policiesQ2O
M*K

kindBackendTrafficPolicy

name	limited

	namespace	default
S
	resourcesF2D
B*@

kind	HTTPRoute

name	limited

	namespace	defaultr*httproute/default/limited/rule/0/match/0/*¥Jò
Kconnect-failure,refused-stream,unavailable,cancelled,retriable-status-codes*ˆ
*envoy.retry_host_predicates.previous_hostsZ
Xtype.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate0:÷B
€­â€ÚÄ	Ê
	websocket
 httproute/default/limited/rule/0É
½
º{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"qwen-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
*ƒ
€{"apiVersion":"pointsman.dev/v1alpha1","kind":"InferencePolicy","metadata":{"name":"limited","namespace":"default","resourceVersion":"1"},"spec":{"fallback":{"to":[{"pool":{"name":"reserve"}}]},"targetRefs":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"limited"}]},"status":{"ancestors":[{"ancestorRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"inference","namespace":"default"},"conditions":[{"lastTransitionTime":"2026-01-01T00:00:00Z","message":"Policy has been accepted.","reason":"Accepted","status":"True","type":"Accepted"}],"controllerName":"gateway.envoyproxy.io/gatewayclass-controller"}]}}
