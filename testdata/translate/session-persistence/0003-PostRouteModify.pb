
ó
&2
X-Gateway-Model-Namej
ejectr/v1"‡
›
envoy-gatewayÀ
l
	resources_2]
[*Y

sectionNameeject

kind	HTTPRoute

name
ejecting

	namespace	default
[
policiesO2M
K*I

nameeject

	namespace	default

kindBackendTrafficPolicyj©
#envoy.filters.http.stateful_sessionÅ
]type.googleapis.com/envoy.extensions.filters.http.stateful_session.v3.StatefulSessionPerRouteüú
ô
"envoy.http.stateful_session.cookies
\type.googleapis.com/envoy.extensions.http.stateful_session.cookie.v3.CookieBasedSessionState

ejectê/v1r+httproute/default/ejecting/rule/0/match/0/*1 
	websocket
!httproute/default/ejecting/rule/0∆
¿
Ω{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"eject","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"eject-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"eject"}},"targetPorts":[{"number":8000}]}}
*