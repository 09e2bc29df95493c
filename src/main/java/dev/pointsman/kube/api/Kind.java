package dev.pointsman.kube.api;

import dev.pointsman.model.PoolRef;
import java.util.List;

/** The kinds of objects that we read from the API server. */
public enum Kind {
  /** InferencePool v1. */
  POOL(PoolRef.V1, "inferencepools", "InferencePool", true, "v1"),
  /** InferencePool v1alpha2. */
  ALPHA_POOL(PoolRef.V1ALPHA2, "inferencepools", "InferencePool", true, "v1alpha2"),
  /** InferenceModel, which ended with v1alpha2. */
  INFERENCE_MODEL(PoolRef.V1ALPHA2, "inferencemodels", "InferenceModel", false, "v1alpha2"),
  /** Our own InferencePolicy. */
  POLICY("pointsman.dev", "inferencepolicies", "InferencePolicy", true, "v1alpha1"),
  /** HTTPRoute. */
  HTTP_ROUTE("gateway.networking.k8s.io", "httproutes", "HTTPRoute", true, "v1"),
  /** Gateway. */
  GATEWAY("gateway.networking.k8s.io", "gateways", "Gateway", true, "v1"),
  /** ReferenceGrant, of the newest version that is served. */
  REFERENCE_GRANT(
      "gateway.networking.k8s.io", "referencegrants", "ReferenceGrant", true, "v1", "v1beta1"),
  /** Service. */
  SERVICE("", "services", "Service", true, "v1"),
  /** EndpointSlice. */
  ENDPOINT_SLICE("discovery.k8s.io", "endpointslices", "EndpointSlice", false, "v1"),
  /** Pod, in the namespaces that have an InferencePool. */
  POD("", "pods", "Pod", false, "v1"),
  /** ConfigMap: those of the body-based routing, and those that policies name. */
  CONFIG_MAP("", "configmaps", "ConfigMap", false, "v1"),
  /** Secret: those that policies name. */
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

  /** The plural that paths and RBAC rules use. */
  public String resource() {
    return resource;
  }

  /** The kind as manifests write it. */
  public String kind() {
    return kind;
  }

  /** The versions that we read, the preferred one first. */
  List<String> versions() {
    return versions;
  }

  /** Whether {@link WatchedObjects} has the objects of this kind. */
  boolean isKeptWhole() {
    return whole;
  }

  /** As a manifest's {@code apiVersion} says it. */
  String apiVersion(String version) {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** The resource with its group, as the API server's messages write it. */
  @Override
  public String toString() {
    return group.isEmpty() ? resource : resource + "." + group;
  }
}
