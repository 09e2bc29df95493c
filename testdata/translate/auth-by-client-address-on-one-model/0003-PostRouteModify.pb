
Î
#2
X-Gateway-Model-Namej
qwen
/"e
c
envoy-gatewayR
P
	resourcesC2A
?*=

kind	HTTPRoute

nameqwen

	namespace	defaultjÑ
envoy.filters.http.rbacË
Ftype.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBACPerRouteùö"óHF
default;
/type.googleapis.com/envoy.config.rbac.v3.Action
DENY
 
«
‹
Ÿ
c
	client_ipV
Ttype.googleapis.com/envoy.extensions.matching.common_inputs.network.v3.SourceIPInputr

ip_matcherd
Etype.googleapis.com/envoy.extensions.matching.input_matchers.ip.v3.Ip

10.0.0.0	client_ipfd
&/default/insiders/authorization/rule/0:
/type.googleapis.com/envoy.config.rbac.v3.Action
ALLOWr'httproute/default/qwen/rule/0/match/0/*- 
	websocket
httproute/default/qwen/rule/0ﬁ
ÿ
’{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen-pool","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","kind":"Service","name":"qwen-ext-proc","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
*