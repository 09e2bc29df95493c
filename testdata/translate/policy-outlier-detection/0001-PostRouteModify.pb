
¬
r/b"Ç
Ä
envoy-gateway²
R
	resourcesE2C
A*?

	namespace	default

kind	HTTPRoute

namelegacy
\
policiesP2N
L*J

kindBackendTrafficPolicy

namelegacy

	namespace	defaultr)httproute/default/legacy/rule/0/match/0/*/Ê
	websocket
httproute/default/legacy/rule/0Ï
É
Æ{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"deepseek","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"deepseek-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"deepseek"}},"targetPorts":[{"number":8000}]}}
*