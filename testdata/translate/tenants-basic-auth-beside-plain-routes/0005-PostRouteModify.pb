
ù
&2
X-Gateway-Model-Namej
otherr/v1"e
c
envoy-gatewayR
P
	resourcesC2A
?*=

	namespaceother

kind	HTTPRoute

namemodelsr9httproute/other/models/rule/0/match/0/guarded_example_com-Ê
	websocket
httproute/other/models/rule/0þ
æ
ã{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"models","namespace":"other","resourceVersion":"1"},"spec":{"selector":{"matchLabels":{"app":"models"}},"targetPorts":[{"number":8000}]}}
guarded.example.com