
∑
%2
X-Gateway-Model-Namej
goodr/v1"i
g
envoy-gatewayV
T
	resourcesG2E
C*A

	namespacegood

kind	HTTPRoute

namemodels-latej≥
-envoy.filters.http.basic_auth//good/passwordsÅ
Qtype.googleapis.com/envoy.extensions.filters.http.basic_auth.v3.BasicAuthPerRoute,
*(alice:{SHA}tESsBmE/yNY3lb6a0L6vVQEZNqw=
r:httproute/good/models-late/rule/0/match/0/late_example_com1 
	websocket
!httproute/good/models-late/rule/0˙
Â
‚{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"models","namespace":"good","resourceVersion":"1"},"spec":{"selector":{"matchLabels":{"app":"models"}},"targetPorts":[{"number":8000}]}}
late.example.com