package dev.pointsman.differential;

import java.util.List;
import java.util.Set;

/**
 * A setting of BackendTrafficPolicy that clients do not notice, unless something else is wrong.
 *
 * @param kind its name is the feature's name
 */
record TrafficSetting(Kind kind) implements Feature {
  /** The kinds. */
  enum Kind {
    /** Circuit breakers that never open, and a new connection for each request. */
    BREAKER(
        "circuitBreaker: {maxConnections: 100, maxPendingRequests: 100, maxParallelRequests: 100, maxRequestsPerConnection: 1}",
        ""),
    /** Small buffers of connections to pods. */
    POD_BUFFER("connection: {bufferLimit: 64Ki}", ""),
    /** Another load balancer. Envoy Gateway's file provider panics at a consistent hash. */
    RANDOM("loadBalancer: {type: Random}", ""),
    /** Active health checks. */
    CHECKED(
        "healthCheck: {active: {type: HTTP, timeout: 1s, interval: 3s, unhealthyThreshold: 3, healthyThreshold: 1,"
            + " http: {path: /healthz, expectedStatuses: [200]}}}",
        "Ejection"),
    /** Upgrades to websockets only. */
    UPGRADES("httpUpgrade: [{type: websocket}]", "WholeRequest"),
    /** Limits of connections that no situation reaches. */
    CONNECTIONS(
        "timeout: {tcp: {connectTimeout: 5s}, http: {connectionIdleTimeout: 60s, maxConnectionDuration: 300s}}",
        "Timeouts");

    private final String field;
    private final String beside;

    /** A kind that a policy cannot have {@code beside} this feature, if it is not empty. */
    Kind(String field, String beside) {
      this.field = field;
      this.beside = beside;
    }

    /** Whether a rule with these features may have this setting. */
    boolean fits(Set<String> features) {
      return !features.contains(beside);
    }
  }

  @Override
  public String name() {
    return kind.name();
  }

  @Override
  public List<String> backendTraffic(Side side) {
    return List.of(kind.field);
  }
}
