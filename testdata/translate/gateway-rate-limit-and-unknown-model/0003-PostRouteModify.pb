
Ã
#2
X-Gateway-Model-Namej
qwen
/"Ã
À
envoy-gateway®
[
policiesO2M
K*I

kindBackendTrafficPolicy

namelimit

	namespace	default
O
	resourcesB2@
>*<

kind	HTTPRoute

namellm

	namespace	defaultjÿ
envoy.filters.http.ratelimitÞ
Ptype.googleapis.com/envoy.extensions.filters.http.ratelimit.v3.RateLimitPerRoute‰pR*P
&httproute/default/llm/rule/0/match/0/*&httproute/default/llm/rule/0/match/0/*
x-userrule-0-match-0"default/inference/llmr&httproute/default/llm/rule/0/match/0/*,Ê
	websocket
httproute/default/llm/rule/0ê
ä
á{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen","namespace":"default","resourceVersion":"1"},"spec":{"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
*