package dev.pointsman.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.DoubleStream;
import tools.jackson.databind.JsonNode;

/** Checks of an installation by the admin ports of all its replicas, at a time. */
record InstallationChecks(List<ReplicaReport> replicas, Instant now) {
  private static final long WEEK = 7 * 24 * 3600L;

  /** All results, in the order in which they are to be repaired. */
  List<CheckResult> results() {
    List<CheckResult> results = new ArrayList<>();
    replicas.forEach(replica -> results.add(readiness(replica)));
    results.add(calls());
    results.add(hooks());
    results.add(proxies());
    results.add(certificates());
    results.addAll(objects());
    return results;
  }

  private static CheckResult readiness(ReplicaReport replica) {
    JsonNode ready = replica.ready();
    List<String> problems = new ArrayList<>();
    ready.path("waitingFor").forEach(one -> problems.add("waiting for: " + one.asString()));
    ready.path("unread").forEach(one -> problems.add("not read yet: " + one.asString()));
    ready.path("problems").forEach(one -> problems.add(one.asString()));
    if (ready.has("sourceDisconnectedSince")) {
      problems.add("the API server is unreachable since "
          + ready.path("sourceDisconnectedSince").asString());
    }
    String name = "replica " + replica.address();
    return ready.path("ready").asBoolean(false) && problems.isEmpty()
        ? CheckResult.ok(name + " is ready")
        : CheckResult.failed(name + " is not well: " + String.join("; ", problems));
  }

  private CheckResult calls() {
    double last = all("pointsman_hook_last_call_seconds", "").max().orElse(0);
    if (last > 0) {
      long ago = Math.max(0, now.getEpochSecond() - (long) last);
      return CheckResult.ok("Envoy Gateway has called, last " + ago + " s ago");
    }
    if (streams() > 0) {
      // Proxies know our endpoint discovery, so another replica was called before, an older one
      // after an upgrade.
      return CheckResult.warn(
          "Envoy Gateway has not called these replicas yet, but others before them: it calls with its next change");
    }
    boolean wanted = all("pointsman_objects", "kind=\"InferencePool\"").max().orElse(0) > 0
        && all("pointsman_objects", "kind=\"HTTPRoute\"").max().orElse(0) > 0;
    return wanted
        ? CheckResult.failed(
            "Envoy Gateway has never called: put extensionManager into its configuration"
                + " (pointsman gateway-config, or the ConfigMap of the chart) and restart it; its log names kinds that it"
                + " cannot read")
        : CheckResult.warn(
            "Envoy Gateway has not called yet, as it should while no InferencePool or no HTTPRoute exists:"
                + " check again when they do");
  }

  private CheckResult hooks() {
    double failed = all("pointsman_hook_seconds_count", "outcome=\"error\"").sum()
        + all("pointsman_hook_seconds_count", "outcome=\"passed_through\"").sum();
    return failed == 0
        ? CheckResult.ok("no call of Envoy Gateway has failed")
        : CheckResult.failed(
            (long) failed + " calls of Envoy Gateway failed: the log has the reason");
  }

  private CheckResult proxies() {
    double clusters = all("pointsman_pool_clusters", "").max().orElse(0);
    double streams = streams();
    double refused = all("pointsman_eds_nacks_total", "").sum();
    if (refused > 0) {
      return CheckResult.failed(
          (long) refused + " lists of endpoints were rejected by an Envoy: the log has its reason");
    }
    if (streams > 0) {
      return CheckResult.ok("proxies ask for endpoints of pools (" + (long) streams + " streams)");
    }
    return clusters == 0
        ? CheckResult.warn(
            "no Gateway has routes to pools yet, so that no proxy asks for endpoints; if there is one, pointsman analyze"
                + " --kubernetes names routes whose Gateway or listener does not exist")
        : CheckResult.failed(
            "no proxy asks for endpoints of pools: check NetworkPolicies, DNS and the certificate of"
                + " port 18010");
  }

  private double streams() {
    return all("pointsman_eds_streams", "").sum();
  }

  private CheckResult certificates() {
    double first = all("pointsman_certificate_expires_timestamp_seconds", "")
        .filter(expiry -> expiry > 0)
        .min()
        .orElse(Double.POSITIVE_INFINITY);
    return first - now.getEpochSecond() < WEEK
        ? CheckResult.failed(
            "a certificate expires at " + Instant.ofEpochSecond((long) first) + ": renew it")
        : CheckResult.ok("no certificate expires within a week");
  }

  private List<CheckResult> objects() {
    TreeSet<String> found = new TreeSet<>();
    for (ReplicaReport replica : replicas) {
      for (Map.Entry<String, Double> one : replica.series().entrySet()) {
        if (one.getValue() > 0 && isPresent(one.getKey(), replica)) {
          found.add("objects with the diagnostic " + one.getKey().replaceAll(".*reason=\"|\".*", "")
              + ": pointsman analyze --kubernetes names each with its remedy");
        }
      }
    }
    return found.stream().map(CheckResult::warn).toList();
  }

  /** Whether a series counts diagnostics that are not those of a translation that another replica has replaced. */
  private boolean isPresent(String series, ReplicaReport replica) {
    if (!series.startsWith("pointsman_gateway_diagnostics{")) {
      return series.startsWith("pointsman_object_diagnostics{");
    }
    String gateway = series.replaceFirst(".*(gateway=\"[^\"]*\").*", "$1");
    String translated = "pointsman_gateway_translated_seconds";
    return replica.values(translated, gateway).max().orElse(0)
        >= all(translated, gateway).max().orElse(0);
  }

  private DoubleStream all(String metric, String label) {
    return replicas.stream().flatMapToDouble(replica -> replica.values(metric, label));
  }
}
