
¢
$2
X-Gateway-Model-Namej
oner/v1"z
x
envoy-gatewayg
e
	resourcesX2V
T*R

sectionNameone

kind	HTTPRoute

namellm

	namespace	defaultjß
#envoy.filters.http.stateful_sessionˇ
]type.googleapis.com/envoy.extensions.filters.http.stateful_session.v3.StatefulSessionPerRouteùö
ó
"envoy.http.stateful_session.cookieq
\type.googleapis.com/envoy.extensions.http.stateful_session.cookie.v3.CookieBasedSessionState

oneê/v1r&httproute/default/llm/rule/0/match/0/*, 
	websocket
httproute/default/llm/rule/0√
Ω
∫{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"chat","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"chat-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"chat"}},"targetPorts":[{"number":8000}]}}
*