
å
%2 
X-Gateway-Model-Namej
secret
/"h
f
envoy-gatewayU
S
	resourcesF2D
B*@

kind	HTTPRoute

name	guarded

	namespace	defaultjå
envoy.filters.http.rbacÉ
Ftype.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBACPerRouteþû"øHF
default;
/type.googleapis.com/envoy.config.rbac.v3.Action
DENY
«
¨
Ý
Ú
c
	client_ipV
Ttype.googleapis.com/envoy.extensions.matching.common_inputs.network.v3.SourceIPInputs

ip_matchere
Etype.googleapis.com/envoy.extensions.matching.input_matchers.ip.v3.Ip

	192.0.2.0	client_ipFD
office:
/type.googleapis.com/envoy.config.rbac.v3.Action
ALLOWr8httproute/default/guarded/rule/0/match/0/llm_example_com0Ê
	websocket
 httproute/default/guarded/rule/0Ú
Æ
Ã{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"whisper","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","name":"whisper-epp","port":{"number":9002}},"selector":{"matchLabels":{"app":"whisper"}},"targetPorts":[{"number":8000}]}}
llm.example.com