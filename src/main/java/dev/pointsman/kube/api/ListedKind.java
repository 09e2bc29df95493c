package dev.pointsman.kube.api;

import dev.pointsman.kube.AdapterMapParser;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/**
 * A kind that is listed once.
 *
 * @param versions the preferred one first
 * @param namespaced whether its objects are in namespaces
 * @param parameters that select some of its objects, such as {@code labelSelector=...&}; empty for all
 */
record ListedKind(
    String group,
    List<String> versions,
    String resource,
    String kind,
    boolean namespaced,
    String parameters) {
  private static final String INFERENCE = "inference.networking.k8s.io";
  private static final String ALPHA = "inference.networking.x-k8s.io";
  private static final String GATEWAY = "gateway.networking.k8s.io";
  private static final String ENVOY = "gateway.envoyproxy.io";
  private static final String RBAC = "rbac.authorization.k8s.io";

  static final ListedKind PODS = of("", "pods", "Pod", "v1");

  /** The kinds that users of pools on Envoy Gateway write, and those of its installation. No Secret is among them. */
  static final List<ListedKind> ALL = List.of(
      of(INFERENCE, "inferencepools", "InferencePool", "v1"),
      of(ALPHA, "inferencepools", "InferencePool", "v1alpha2"),
      of(ALPHA, "inferencemodels", "InferenceModel", "v1alpha2"),
      of(ALPHA, "inferencemodelrewrites", "InferenceModelRewrite", "v1alpha2"),
      of(ALPHA, "inferenceobjectives", "InferenceObjective", "v1alpha2"),
      of("pointsman.dev", "inferencepolicies", "InferencePolicy", "v1alpha1"),
      global(GATEWAY, "gatewayclasses", "GatewayClass"),
      of(GATEWAY, "gateways", "Gateway", "v1"),
      of(GATEWAY, "httproutes", "HTTPRoute", "v1"),
      of(GATEWAY, "grpcroutes", "GRPCRoute", "v1"),
      of(GATEWAY, "referencegrants", "ReferenceGrant", "v1", "v1beta1"),
      of(GATEWAY, "backendtlspolicies", "BackendTLSPolicy", "v1", "v1alpha3"),
      of(ENVOY, "clienttrafficpolicies", "ClientTrafficPolicy", "v1alpha1"),
      of(ENVOY, "backendtrafficpolicies", "BackendTrafficPolicy", "v1alpha1"),
      of(ENVOY, "securitypolicies", "SecurityPolicy", "v1alpha1"),
      of(ENVOY, "envoyextensionpolicies", "EnvoyExtensionPolicy", "v1alpha1"),
      of(ENVOY, "envoyproxies", "EnvoyProxy", "v1alpha1"),
      of("", "services", "Service", "v1"),
      PODS,
      of("discovery.k8s.io", "endpointslices", "EndpointSlice", "v1"),
      of("apps", "deployments", "Deployment", "v1"),
      of("apps", "statefulsets", "StatefulSet", "v1"),
      of("apps", "daemonsets", "DaemonSet", "v1"),
      of("", "configmaps", "ConfigMap", "v1")
          .selecting("labelSelector", AdapterMapParser.LABEL + "=true"),
      of("", "configmaps", "ConfigMap", "v1")
          .selecting("fieldSelector", "metadata.name=envoy-gateway-config"),
      global("apiextensions.k8s.io", "customresourcedefinitions", "CustomResourceDefinition"),
      global(RBAC, "clusterroles", "ClusterRole"),
      global(RBAC, "clusterrolebindings", "ClusterRoleBinding"),
      of(RBAC, "roles", "Role", "v1"),
      of(RBAC, "rolebindings", "RoleBinding", "v1"));

  private static ListedKind of(String group, String resource, String kind, String... versions) {
    return new ListedKind(group, List.of(versions), resource, kind, true, "");
  }

  private static ListedKind global(String group, String resource, String kind) {
    return new ListedKind(group, List.of("v1"), resource, kind, false, "");
  }

  /** A certificate that a policy names. */
  static ListedKind named(String kind, String name) {
    return of("", kind.equals("Secret") ? "secrets" : "configmaps", kind, "v1")
        .selecting("fieldSelector", "metadata.name=" + name);
  }

  private ListedKind selecting(String selector, String value) {
    return new ListedKind(
        group, versions, resource, kind, namespaced, selector + "=" + encoded(value) + "&");
  }

  /**
   * The paths of its lists, with the first parameters.
   *
   * @param namespaces empty for all
   */
  Stream<String> paths(String version, List<String> namespaces) {
    String root = (group.isEmpty() ? "/api/" : "/apis/" + group + "/") + version;
    Stream<String> places = namespaced && !namespaces.isEmpty()
        ? namespaces.stream().map(namespace -> "/namespaces/" + encoded(namespace))
        : Stream.of("");
    return places.map(place -> root + place + "/" + resource + "?" + parameters);
  }

  /** The {@code apiVersion} of its objects. */
  String apiVersion(String version) {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** The kind and its group: {@code HTTPRoute.gateway.networking.k8s.io}. */
  @Override
  public String toString() {
    return group.isEmpty() ? kind : kind + "." + group;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
