
ì
r/plain"~
|
envoy-gatewayk
i
	resources\2Z
X*V

nameplain

	namespace	default

sectionNameplain

kind	HTTPRoutej¨
#envoy.filters.http.stateful_sessionÑ
]type.googleapis.com/envoy.extensions.filters.http.stateful_session.v3.StatefulSessionPerRoute¢ü
ú
"envoy.http.stateful_session.cookiev
\type.googleapis.com/envoy.extensions.http.stateful_session.cookie.v3.CookieBasedSessionState

plainê/plainr(httproute/default/plain/rule/0/match/0/*. 
	websocket
httproute/default/plain/rule/0√
Ω
∫{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"chat","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"chat-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"chat"}},"targetPorts":[{"number":8000}]}}
*