
ê
)2$
X-Gateway-Model-Namej

none-close
/"e
c
envoy-gatewayR
P
	resourcesC2A
?*=

	namespace	default

kind	HTTPRoute

namenoner'httproute/default/none/rule/1/match/0/*-Ê
	websocket
httproute/default/none/rule/1Æ
À
½{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"close","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"close-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"close"}},"targetPorts":[{"number":8000}]}}
*