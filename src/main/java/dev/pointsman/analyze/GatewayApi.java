package dev.pointsman.analyze;

import dev.pointsman.model.PoolRef;

/** The kinds that are analyzed, as {@link Manifests#of} takes them. */
final class GatewayApi {
  static final String GROUP = "gateway.networking.k8s.io";
  static final String HTTP_ROUTE = "HTTPRoute." + GROUP;
  static final String GATEWAY = "Gateway." + GROUP;
  static final String GATEWAY_CLASS = "GatewayClass." + GROUP;
  static final String REFERENCE_GRANT = "ReferenceGrant." + GROUP;
  static final String BACKEND_TLS_POLICY = "BackendTLSPolicy." + GROUP;

  static final String ENVOY_GATEWAY_GROUP = "gateway.envoyproxy.io";
  static final String CLIENT_TRAFFIC_POLICY = "ClientTrafficPolicy." + ENVOY_GATEWAY_GROUP;
  static final String BACKEND_TRAFFIC_POLICY = "BackendTrafficPolicy." + ENVOY_GATEWAY_GROUP;
  static final String SECURITY_POLICY = "SecurityPolicy." + ENVOY_GATEWAY_GROUP;
  static final String EXTENSION_POLICY = "EnvoyExtensionPolicy." + ENVOY_GATEWAY_GROUP;
  static final String ENVOY_PROXY = "EnvoyProxy." + ENVOY_GATEWAY_GROUP;
  static final String ENVOY_GATEWAY = "EnvoyGateway." + ENVOY_GATEWAY_GROUP;
  /** The controller name of Envoy Gateway's GatewayClasses, unless its configuration has another. */
  static final String CONTROLLER = ENVOY_GATEWAY_GROUP + "/gatewayclass-controller";

  static final String POOL = "InferencePool." + PoolRef.V1;
  static final String ALPHA_POOL = "InferencePool." + PoolRef.V1ALPHA2;
  static final String INFERENCE_MODEL = "InferenceModel." + PoolRef.V1ALPHA2;
  static final String MODEL_REWRITE = "InferenceModelRewrite." + PoolRef.V1ALPHA2;
  static final String INFERENCE_OBJECTIVE = "InferenceObjective." + PoolRef.V1ALPHA2;
  static final String POLICY = "InferencePolicy.pointsman.dev";
  static final String SERVICE = "Service";
  static final String ENDPOINT_SLICE = "EndpointSlice.discovery.k8s.io";
  static final String CRD = "CustomResourceDefinition.apiextensions.k8s.io";

  private GatewayApi() {}

  /** The kind of pools of an API group. */
  static String pool(String group) {
    return "InferencePool." + group;
  }
}
