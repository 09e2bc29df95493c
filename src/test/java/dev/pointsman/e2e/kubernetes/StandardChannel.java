package dev.pointsman.e2e.kubernetes;

import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;

/**
 * HTTPRoutes as the standard channel of Gateway API has them, for some time: the value of a header match may be any text.
 * The experimental channel, which Envoy Gateway's chart installs, has a pattern.
 */
final class StandardChannel implements AutoCloseable {
  private static final String CRD = "httproutes.gateway.networking.k8s.io";
  private static final int VERSIONS = 2;
  private static final String PATTERN =
      "/spec/versions/%d/schema/openAPIV3Schema/properties/spec/properties/rules/items/properties/matches/items/properties/headers/items/properties/value/pattern";

  private final Cluster cluster;
  private final String pattern;

  private StandardChannel(Cluster cluster, String pattern) {
    this.cluster = cluster;
    this.pattern = pattern;
  }

  /** Removes the pattern, if there is one. */
  static StandardChannel on(Cluster cluster) {
    String pattern = cluster
        .get("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/" + CRD)
        .at(PATTERN.formatted(0))
        .asString("");
    StandardChannel channel = new StandardChannel(cluster, pattern);
    channel.patch(i -> "{\"op\":\"remove\",\"path\":\"" + PATTERN.formatted(i) + "\"}");
    return channel;
  }

  private void patch(IntFunction<String> operation) {
    if (!pattern.isEmpty()) {
      String operations = IntStream.range(0, VERSIONS)
          .mapToObj(operation)
          .collect(Collectors.joining(",", "[", "]"));
      cluster.kubectl("patch", "crd", CRD, "--type=json", "-p", operations);
    }
  }

  /** Puts the pattern back. */
  @Override
  public void close() {
    String quoted = JsonMapper.shared().writeValueAsString(pattern);
    patch(
        i -> "{\"op\":\"add\",\"path\":\"" + PATTERN.formatted(i) + "\",\"value\":" + quoted + "}");
  }
}
