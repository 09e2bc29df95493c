
¢
'2 
X-Gateway-Model-Namej
headerr/v1"}
{
envoy-gatewayj
h
	resources[2Y
W*U

namellm

	namespace	default

sectionNameheader

kind	HTTPRoutej¡
#envoy.filters.http.stateful_sessionù
]type.googleapis.com/envoy.extensions.filters.http.stateful_session.v3.StatefulSessionPerRoute—”
‘
"envoy.http.stateful_session.headerk
\type.googleapis.com/envoy.extensions.http.stateful_session.header.v3.HeaderBasedSessionState
	x-sessionr&httproute/default/llm/rule/3/match/0/*,Ê
	websocket
httproute/default/llm/rule/3Ã
½
º{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"chat","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"chat-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"chat"}},"targetPorts":[{"number":8000}]}}
*