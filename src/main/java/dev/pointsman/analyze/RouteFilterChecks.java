package dev.pointsman.analyze;

import dev.pointsman.analyze.RouteRule.RouteBackend;
import dev.pointsman.model.Diagnostic.Reason;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Filters and sessions of rules with pools. */
final class RouteFilterChecks implements Check {
  @Override
  public void check(Manifests manifests, FindingCollector report) {
    for (RouteRule rule : manifests.rules()) {
      for (Map.Entry<String, JsonNode> filter : rule.filters().entrySet()) {
        redirect(report, rule, filter.getKey(), filter.getValue());
      }
      rule.mirrors().stream()
          .filter(RouteBackend::isPool)
          .forEach(mirror -> mirror(report, mirror));
      if (rule.node().has("sessionPersistence")
          && !rule.pools().isEmpty()
          && rule.backends().size() > 1) {
        report.add(
            rule.route(),
            Reason.UnsupportedSession,
            rule.path() + ".sessionPersistence",
            "is set on a rule with an InferencePool and another backend; Envoy keeps sessions within one",
            "No cookie or header is set; each request goes to any pod",
            "Use a rule with one pool for requests with sessions");
      }
    }
  }

  private static void mirror(FindingCollector report, RouteBackend pool) {
    report.add(
        pool.route(),
        Reason.MirrorToInferencePool,
        pool.path(),
        "names InferencePool " + pool.pool()
            + ", which Envoy Gateway rejects in a RequestMirror filter",
        "The whole rule answers 500",
        "Remove the filter, and name the pool in spec.mirrors of an InferencePolicy on this HTTPRoute");
  }

  private static void redirect(
      FindingCollector report, RouteRule rule, String path, JsonNode filter) {
    if (filter.has("requestRedirect") && !rule.pools().isEmpty()) {
      report.add(
          rule.route(),
          Reason.RuleRefused,
          path,
          "redirects the requests of a rule with a pool",
          "Clients get the redirect; the pool gets no requests",
          "Move the redirect to a rule without backendRefs");
    }
  }
}
