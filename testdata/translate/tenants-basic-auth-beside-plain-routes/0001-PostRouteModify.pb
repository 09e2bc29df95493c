
ª
%2
X-Gateway-Model-Namej
goodr/v1"j
h
envoy-gatewayW
U
	resourcesH2F
D*B

kind	HTTPRoute

namemodels-early

	namespacegoodj≥
-envoy.filters.http.basic_auth//good/passwordsÅ
Qtype.googleapis.com/envoy.extensions.filters.http.basic_auth.v3.BasicAuthPerRoute,
*(alice:{SHA}tESsBmE/yNY3lb6a0L6vVQEZNqw=
r<httproute/good/models-early/rule/0/match/0/early_example_com2 
	websocket
"httproute/good/models-early/rule/0˚
Â
‚{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"models","namespace":"good","resourceVersion":"1"},"spec":{"selector":{"matchLabels":{"app":"models"}},"targetPorts":[{"number":8000}]}}
early.example.com