
¸
#2
X-Gateway-Model-Namej
chat
/"e
c
envoy-gatewayR
P
	resourcesC2A
?*=

kind	HTTPRoute

namechat

	namespace	defaultr5httproute/default/chat/rule/0/match/0/llm_example_com7Bx¬ê 
	websocket
httproute/default/chat/rule/0ﬁ
∆
√{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"stable","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"stable-picker","port":{"number":9002}},"selector":{"matchLabels":{"app":"stable"}},"targetPorts":[{"number":8000}]}}
llm.example.comÅ
˛{"apiVersion":"pointsman.dev/v1alpha1","kind":"InferencePolicy","metadata":{"name":"chat","namespace":"default","resourceVersion":"1"},"spec":{"mirrors":[{"percent":10,"pool":{"name":"canary"}}],"targetRefs":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"chat"}]},"status":{"ancestors":[{"ancestorRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"inference","namespace":"default"},"conditions":[{"lastTransitionTime":"2026-01-01T00:00:00Z","message":"Policy has been accepted.","reason":"Accepted","status":"True","type":"Accepted"}],"controllerName":"gateway.envoyproxy.io/gatewayclass-controller"}]}}
