package dev.pointsman.analyze;

import dev.pointsman.kube.Manifest;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.GatewayDuration;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Time limits that end the answers of models. Pointsman removes Envoy's default of 15 s, but from rules with pools alone. */
final class TimeoutChecks implements Check {
  /** Long answers of large models take minutes. */
  private static final Duration SHORT = Duration.ofSeconds(60);

  /** The first token of a long prompt may take so long. */
  private static final Duration SHORT_IDLE = Duration.ofSeconds(30);

  private static final String EFFECT =
      "Answers that take longer end with 504, and streamed ones are cut off";

  @Override
  public void check(Manifests manifests, FindingCollector report) {
    List<Manifest> policies = manifests.of(GatewayApi.BACKEND_TRAFFIC_POLICY).toList();
    for (RouteRule rule : manifests.rules()) {
      if (!rule.isRelevant()) {
        continue;
      }
      JsonNode timeouts = rule.node().path("timeouts");
      Stream.of("request", "backendRequest")
          .forEach(name -> shortLimit(
              report, rule.route(), rule.path() + ".timeouts." + name, timeouts.path(name)));
      boolean limited = timeouts.has("request")
          || timeouts.has("backendRequest")
          || policies.stream()
              .anyMatch(policy -> !http(policy).path("requestTimeout").isMissingNode()
                  && PolicyReach.reaches(manifests, policy, rule));
      boolean elsewhere = !rule.backends().isEmpty()
          && rule.backends().stream()
              .noneMatch(one -> one.node().path("kind").asString("").equals("InferencePool"));
      if (elsewhere
          && !limited
          && PolicyReach.areRead(manifests, GatewayApi.BACKEND_TRAFFIC_POLICY, rule)) {
        report.add(
            rule.route(),
            Reason.DefaultTimeout,
            rule.path(),
            "asks for a model, has no pool and no time limit, so Envoy's default of 15 s holds",
            EFFECT,
            "Set timeouts.request: 1h in the rule, or timeout.http.requestTimeout in a BackendTrafficPolicy");
      }
    }
    policies.stream()
        .filter(policy -> !PolicyReach.relevantRules(manifests, policy).isEmpty())
        .forEach(policy -> shortLimit(
            report,
            policy,
            "spec.timeout.http.requestTimeout",
            http(policy).path("requestTimeout")));
    idle(manifests, report);
  }

  private static void idle(Manifests manifests, FindingCollector report) {
    manifests
        .of(GatewayApi.CLIENT_TRAFFIC_POLICY)
        .filter(policy -> !PolicyReach.relevantRules(manifests, policy).isEmpty())
        .forEach(policy -> shortIdle(
            report,
            policy,
            "spec.timeout.http.streamIdleTimeout",
            http(policy).path("streamIdleTimeout")));
    manifests
        .of(GatewayApi.POLICY)
        .forEach(policy -> shortIdle(
            report,
            policy,
            "spec.endpointPicker.idleTimeout",
            policy.node().path("spec").path("endpointPicker").path("idleTimeout")));
  }

  private static JsonNode http(Manifest policy) {
    return policy.node().path("spec").path("timeout").path("http");
  }

  private static void shortLimit(
      FindingCollector report, Manifest manifest, String field, JsonNode limit) {
    below(limit, SHORT)
        .ifPresent(text -> report.add(
            manifest,
            Reason.ShortTimeout,
            field,
            "is " + text + ", and answers of models may take minutes",
            EFFECT,
            "Set it above the longest answer (1h, say), or leave it out on rules with pools"));
  }

  private static void shortIdle(
      FindingCollector report, Manifest manifest, String field, JsonNode limit) {
    below(limit, SHORT_IDLE)
        .ifPresent(text -> report.add(
            manifest,
            Reason.ShortIdleTimeout,
            field,
            "is " + text + ", and the first token of a long prompt may take longer",
            "Requests end when picker and pod say nothing for so long",
            "Set it above the longest silence; Envoy's own default is 5m"));
  }

  private static Optional<String> below(JsonNode limit, Duration least) {
    String text = limit.asString("");
    return GatewayDuration.parse(text)
        .filter(time -> time.isPositive() && time.compareTo(least) < 0)
        .map(_ -> text);
  }
}
