package dev.pointsman.analyze;

import dev.pointsman.kube.Manifest;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.PoolRef;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Objects that are not valid by themselves, as the server's parsers say. */
final class ObjectChecks implements Check {
  /** The usual versions of the kinds that are in one API group alone. */
  private static final Map<String, String> API_VERSIONS = new HashMap<>();

  static {
    Map.of(
            GatewayApi.GROUP + "/v1",
            List.of(
                "BackendTLSPolicy",
                "Gateway",
                "GatewayClass",
                "GRPCRoute",
                "HTTPRoute",
                "ReferenceGrant"),
            GatewayApi.ENVOY_GATEWAY_GROUP + "/v1alpha1",
            List.of(
                "BackendTrafficPolicy",
                "ClientTrafficPolicy",
                "EnvoyExtensionPolicy",
                "EnvoyProxy",
                "SecurityPolicy"),
            PoolRef.V1 + "/v1",
            List.of("InferencePool"),
            PoolRef.V1ALPHA2 + "/v1alpha2",
            List.of("InferenceModel", "InferenceObjective"),
            "pointsman.dev/v1alpha1",
            List.of("InferencePolicy"))
        .forEach((version, kinds) -> kinds.forEach(kind -> API_VERSIONS.put(kind, version)));
  }

  @Override
  public void check(Manifests manifests, FindingCollector report) {
    manifests
        .objects()
        .diagnostics()
        .forEach((manifest, found) -> found.forEach(one -> report.add(manifest, one)));
    manifests.all().forEach(manifest -> suppressed(report, manifest));
    if (manifests.isOfCluster()) {
      return; // an object that two lists have
    }
    manifests.all().forEach(manifest -> group(report, manifest));
    for (Manifest second : manifests.duplicates()) {
      String first =
          manifests.first(second).map(one -> one.file() + ":" + one.line("")).orElse("");
      report.add(
          second,
          Reason.DuplicateObject,
          "",
          "is defined already in " + first,
          "One of the two has effect, depending on the order in which they are applied",
          "Remove one of them, or give it another name");
    }
  }

  /** Reports an object of a kind of ours that no group has, and so no other check knows. */
  private static void group(FindingCollector report, Manifest manifest) {
    String kind = manifest.object().kind();
    String right = API_VERSIONS.getOrDefault(kind, "");
    if (right.isEmpty()
        || !manifest.object().group().isEmpty()
        || !manifest.node().path("metadata").isObject()) {
      return; // values of a chart may have a kind, too
    }
    String apiVersion = manifest.node().path("apiVersion").asString("");
    report.add(
        manifest,
        Reason.InvalidObject,
        "apiVersion",
        apiVersion.isEmpty() ? "is missing" : "is " + apiVersion + ", which has no kind " + kind,
        "The API server refuses the object, and no other check looks at it",
        "Write apiVersion: " + right);
  }

  private static void suppressed(FindingCollector report, Manifest manifest) {
    List<String> known = Stream.of(Reason.values()).map(Reason::code).toList();
    FindingCollector.suppressed(manifest)
        .filter(code -> !code.isEmpty() && !known.contains(code))
        .forEach(code -> report.add(
            manifest,
            Reason.InvalidObject,
            "metadata.annotations." + FindingCollector.SUPPRESS,
            "names " + code + ", which is no code",
            "Nothing is suppressed by it",
            "Name codes such as PM0102, separated by commas"));
  }
}
