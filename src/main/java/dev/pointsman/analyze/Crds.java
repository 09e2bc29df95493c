package dev.pointsman.analyze;

import dev.pointsman.kube.Manifest;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The CustomResourceDefinitions among the manifests. */
record Crds(Manifests manifests) {
  /** The definition of a kind. */
  Optional<Manifest> find(String group, String kind) {
    return manifests.of(GatewayApi.CRD).filter(crd -> defines(crd, group, kind)).findFirst();
  }

  private static boolean defines(Manifest crd, String group, String kind) {
    JsonNode spec = crd.node().path("spec");
    return spec.path("group").asString("").equals(group)
        && spec.path("names").path("kind").asString("").equals(kind);
  }

  /** Whether the group's definitions are known: in a folder, if it has one of them. */
  boolean knows(String group) {
    return manifests.isOfCluster()
        ? manifests.knows(GatewayApi.CRD)
        : manifests
            .of(GatewayApi.CRD)
            .anyMatch(crd -> crd.node().path("spec").path("group").asString("").equals(group));
  }

  /** The version of a definition, if it is served. */
  static Optional<JsonNode> served(Manifest crd, String version) {
    return crd.node().path("spec").path("versions").values().stream()
        .filter(one ->
            one.path("name").asString("").equals(version) && one.path("served").asBoolean(false))
        .findFirst();
  }
}
