
”
r/files"Å
Â
envoy-gateway°
Q
	resourcesD2B
@*>

kind	HTTPRoute

namefiles

	namespace	default
[
policiesO2M
K*I

kindBackendTrafficPolicy

namefiles

	namespace	defaultjt
envoy.filters.http.bufferW
Jtype.googleapis.com/envoy.extensions.filters.http.buffer.v3.BufferPerRoute	
€€€r(httproute/default/files/rule/0/match/0/* 
httproute/default/files/rule/0Þ
Ø
Õ{"apiVersion":"inference.networking.k8s.io/v1","kind":"InferencePool","metadata":{"name":"qwen-pool","namespace":"default","resourceVersion":"1"},"spec":{"endpointPickerRef":{"failureMode":"FailClose","kind":"Service","name":"qwen-ext-proc","port":{"number":9002}},"selector":{"matchLabels":{"app":"qwen"}},"targetPorts":[{"number":8000}]}}
*