
Û
$2
X-Gateway-Model-Namej
http2
/"Ü
Ù
envoy-gatewayÇ
g
	resourcesZ2X
V*T

namellm

	namespace	default

sectionNamehttp2

kind	HTTPRoute
\
policiesP2N
L*J

kindBackendTrafficPolicy

namehealth

	namespace	defaultr&httproute/default/llm/rule/1/match/0/*,Ê
	websocket
httproute/default/llm/rule/1ó	
á
Þ{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"http2","namespace":"default","resourceVersion":"1"},"spec":{"appProtocol":"kubernetes.io/h2c","endpointPickerRef":{"failureMode":"FailOpen","name":"http2-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"http2"}},"targetPorts":[{"number":8000}]}}
*‰
†{"apiVersion":"pointsman.dev/v1alpha1","kind":"InferencePolicy","metadata":{"name":"verified","namespace":"default","resourceVersion":"1"},"spec":{"mirrors":[{"pool":{"name":"http2"}}],"outlierDetection":{},"targetRefs":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"llm","sectionName":"verified"},{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"llm","sectionName":"http2"}],"upstreamTLS":{"caCertificateRefs":[{"name":"pods-ca"}],"clientCertificateRef":{"name":"gateway-client"},"hostname":"pods.example.com"}},"status":{"ancestors":[{"ancestorRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"inference","namespace":"default"},"conditions":[{"lastTransitionTime":"2026-01-01T00:00:00Z","message":"Policy has been accepted.","reason":"Accepted","status":"True","type":"Accepted"}],"controllerName":"gateway.envoyproxy.io/gatewayclass-controller"}]}}
