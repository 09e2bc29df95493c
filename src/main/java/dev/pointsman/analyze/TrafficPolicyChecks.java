package dev.pointsman.analyze;

import dev.pointsman.kube.Manifest;
import dev.pointsman.model.BodySizes;
import dev.pointsman.model.ByteSize;
import dev.pointsman.model.Diagnostic.Reason;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Settings of ClientTrafficPolicy and BackendTrafficPolicy on routes to pools, apart from time limits. */
final class TrafficPolicyChecks implements Check {
  @Override
  public void check(Manifests manifests, FindingCollector report) {
    for (Manifest policy : manifests.of(GatewayApi.CLIENT_TRAFFIC_POLICY).toList()) {
      List<RouteRule> reached = PolicyReach.relevantRules(manifests, policy);
      bufferLimit(report, policy, reached);
      trailers(manifests, report, policy, reached);
    }
    for (Manifest policy : manifests.of(GatewayApi.BACKEND_TRAFFIC_POLICY).toList()) {
      List<RouteRule> reached = PolicyReach.relevantRules(manifests, policy);
      if (!reached.isEmpty()) {
        requestBuffer(report, policy);
        circuitBreaker(report, policy);
        outlierDetection(manifests, report, policy, reached);
      }
    }
  }

  private static void bufferLimit(
      FindingCollector report, Manifest policy, List<RouteRule> reached) {
    JsonNode limit = policy.node().path("spec").path("connection").path("bufferLimit");
    boolean modelless =
        reached.stream().anyMatch(rule -> !rule.asksForModel() && !rule.pools().isEmpty());
    if (modelless && size(limit).filter(bytes -> bytes >= BodySizes.LARGE).isPresent()) {
      report.add(
          policy,
          Reason.BufferLimit,
          "spec.connection.bufferLimit",
          "is " + limit.asString("") + ", and rules with pools do not ask for a model",
          "Envoy may hold whole bodies, so those of unknown length and large ones take a second pass through the proxy",
          "Leave bufferLimit out: bodies are held up to model.bodyLimit of an InferencePolicy where a model is read,"
              + " and streamed elsewhere");
    }
  }

  private static void trailers(
      Manifests manifests, FindingCollector report, Manifest policy, List<RouteRule> reached) {
    boolean enabled =
        policy.node().path("spec").path("http1").path("enableTrailers").asBoolean(false);
    boolean retried = reached.stream()
        .anyMatch(rule -> rule.node().has("retry")
            || manifests
                .of(GatewayApi.BACKEND_TRAFFIC_POLICY)
                .anyMatch(other -> other.node().path("spec").has("retry")
                    && PolicyReach.reaches(manifests, other, rule)));
    if (enabled && retried) {
      report.add(
          policy,
          Reason.TrailersWithRetries,
          "spec.http1.enableTrailers",
          "is true, and rules with pools are retried",
          "Envoy sends the body of a request with trailers twice to the pod",
          "Leave enableTrailers out, or remove the retries");
    }
  }

  private static void requestBuffer(FindingCollector report, Manifest policy) {
    JsonNode limit = policy.node().path("spec").path("requestBuffer").path("limit");
    if (size(limit).filter(bytes -> bytes < BodySizes.DEFAULT_LIMIT).isPresent()) {
      report.add(
          policy,
          Reason.RequestBuffer,
          "spec.requestBuffer.limit",
          "is " + limit.asString("") + ", below the default body limit of 20Mi",
          "Prompts above it are answered with 413",
          "Raise it to the body limit, or remove requestBuffer: models are read without it");
    }
  }

  private static void circuitBreaker(FindingCollector report, Manifest policy) {
    JsonNode breaker = policy.node().path("spec").path("circuitBreaker");
    for (String limit : List.of("maxConnections", "maxParallelRequests")) {
      if (breaker.path(limit).asInt(1) == 0) {
        report.add(
            policy,
            Reason.ZeroLimit,
            "spec.circuitBreaker." + limit,
            "is 0, which is a limit and does not mean that there is none",
            "Each request is answered with 503",
            "Set it to the number that the pods serve at a time, or leave it out for 1024");
      }
    }
  }

  private static void outlierDetection(
      Manifests manifests, FindingCollector report, Manifest policy, List<RouteRule> reached) {
    if (!policy.node().path("spec").path("healthCheck").has("passive")) {
      return;
    }
    manifests
        .of(GatewayApi.POLICY)
        .filter(one -> one.node().path("spec").has("outlierDetection"))
        .filter(one -> reached.stream().anyMatch(rule -> PolicyReach.reaches(manifests, one, rule)))
        .forEach(one -> report.add(
            one,
            Reason.OutlierDetectionTwice,
            "spec.outlierDetection",
            "has no effect where BackendTrafficPolicy " + policy.object().namespace() + "/"
                + policy.object().name() + " sets healthCheck.passive",
            "Pods are ejected as the BackendTrafficPolicy says",
            "Remove one of the two"));
  }

  /** The number of bytes of a quantity. */
  static Optional<Long> size(JsonNode quantity) {
    String text = quantity.isString() ? quantity.asString() : quantity.toString();
    return ByteSize.read(text).map(ByteSize::bytes);
  }
}
