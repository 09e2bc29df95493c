
®
&2
X-Gateway-Model-Namej
mixedr/v1"|
z
envoy-gatewayi
g
	resourcesZ2X
V*T

sectionNamemixed

kind	HTTPRoute

namellm

	namespace	defaultj©
#envoy.filters.http.stateful_sessionÅ
]type.googleapis.com/envoy.extensions.filters.http.stateful_session.v3.StatefulSessionPerRouteüú
ô
"envoy.http.stateful_session.cookies
\type.googleapis.com/envoy.extensions.http.stateful_session.cookie.v3.CookieBasedSessionState

mixedê/v1r&httproute/default/llm/rule/2/match/0/*, 
	websocket
httproute/default/llm/rule/2√
Ω
∫{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"chat","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"chat-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"chat"}},"targetPorts":[{"number":8000}]}}
*