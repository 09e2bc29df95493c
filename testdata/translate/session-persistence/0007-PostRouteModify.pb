
¢
$2
X-Gateway-Model-Namej
twor/v1"z
x
envoy-gatewayg
e
	resourcesX2V
T*R

	namespace	default

sectionNametwo

kind	HTTPRoute

namellmjß
#envoy.filters.http.stateful_sessionˇ
]type.googleapis.com/envoy.extensions.filters.http.stateful_session.v3.StatefulSessionPerRouteùö
ó
"envoy.http.stateful_session.cookieq
\type.googleapis.com/envoy.extensions.http.stateful_session.cookie.v3.CookieBasedSessionState

twoê/v1r&httproute/default/llm/rule/1/match/0/*, 
	websocket
httproute/default/llm/rule/1É
Ω
∫{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"chat","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"chat-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"chat"}},"targetPorts":[{"number":8000}]}}

Ω
∫{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"code","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"code-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"code"}},"targetPorts":[{"number":8000}]}}
*