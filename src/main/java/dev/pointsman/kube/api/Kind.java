package dev.pointsman.kube.api;

import dev.pointsman.model.PoolRef;
import java.util.List;

/** The kinds of objects that are read from the API server. */
public enum Kind {
  /** InferencePool v1. */
  POOL(PoolRef.V1, "inferencepools", "InferencePool", true, "v1"),
  /** InferencePool v1alpha2. */
  ALPHA_POOL(PoolRef.V1ALPHA2, "inferencepools", "InferencePool", true, "v1alpha2"),
  /** InferenceModel, which exists in v1alpha2 only. */
  INFERENCE_MODEL(PoolRef.V1ALPHA2, "inferencemodels", "InferenceModel", false, "v1alpha2"),
  /** InferencePolicy. */
  POLICY("pointsman.dev", "inferencepolicies", "InferencePolicy", true, "v1alpha1"),
  /** HTTPRoute. */
  HTTP_ROUTE("gateway.networking.k8s.io", "httproutes", "HTTPRoute", true, "v1"),
  /** Gateway. */
  GATEWAY("gateway.networking.k8s.io", "gateways", "Gateway", true, "v1"),
  /** ReferenceGrant, in the newest served version. */
  REFERENCE_GRANT(
      "gateway.networking.k8s.io", "referencegrants", "ReferenceGrant", true, "v1", "v1beta1"),
  /** Service. */
  SERVICE("", "services", "Service", false, "v1"),
  /** EndpointSlice. */
  ENDPOINT_SLICE("discovery.k8s.io", "endpointslices", "EndpointSlice", false, "v1"),
  /** Pod, in the namespaces with an InferencePool. */
  POD("", "pods", "Pod", false, "v1"),
  /** ConfigMap, with the label of the body-based routing or named by a policy. */
  CONFIG_MAP("", "configmaps", "ConfigMap", false, "v1"),
  /** Secret, named by a policy. */
  SECRET("", "secrets", "Secret", false, "v1");

  private final String group;
  private final String resource;
  private final String kind;
  private final boolean whole;
  private final List<String> versions;

  Kind(String group, String resource, String kind, boolean whole, String... versions) {
    this.group = group;
    this.resource = resource;
    this.kind = kind;
    this.whole = whole;
    this.versions = List.of(versions);
  }

  /** The API group; empty for the core group. */
  public String group() {
    return group;
  }

  /** The plural in paths and RBAC rules. */
  public String resource() {
    return resource;
  }

  /** The kind in manifests. */
  public String kind() {
    return kind;
  }

  /** The supported versions, the preferred one first. */
  List<String> versions() {
    return versions;
  }

  /** Whether {@link WatchedObjects} has the objects of this kind. */
  boolean isKeptWhole() {
    return whole;
  }

  /** The {@code apiVersion} of manifests. */
  String apiVersion(String version) {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** The resource and its group, as in the API server's messages. */
  @Override
  public String toString() {
    return group.isEmpty() ? resource : resource + "." + group;
  }
}
