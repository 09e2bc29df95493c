
 

/"g
e
envoy-gatewayT
R
	resourcesE2C
A*?

kind	HTTPRoute

namehosted

	namespace	defaultr)httproute/default/hosted/rule/0/match/0/*/ 
	websocket
httproute/default/hosted/rule/0ô*ì
ê{"apiVersion":"pointsman.dev/v1alpha1","kind":"InferencePolicy","metadata":{"name":"hosted","namespace":"default","resourceVersion":"1"},"spec":{"explain":{"secretSha256":"41ef4bb0b23661e66301aac36066912dac037827b4ae63a7b1165a5aa93ed4eb"},"fallback":{"to":[{"pool":{"name":"local"}}]},"identity":{"objective":"low"},"targetRefs":[{"group":"gateway.networking.k8s.io","kind":"HTTPRoute","name":"hosted"}],"tokenUsage":"Enabled"},"status":{"ancestors":[{"ancestorRef":{"group":"gateway.networking.k8s.io","kind":"Gateway","name":"inference","namespace":"default"},"conditions":[{"lastTransitionTime":"2026-01-01T00:00:00Z","message":"Policy has been accepted.","reason":"Accepted","status":"True","type":"Accepted"}],"controllerName":"gateway.envoyproxy.io/gatewayclass-controller"}]}}
