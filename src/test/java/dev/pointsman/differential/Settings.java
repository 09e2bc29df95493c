package dev.pointsman.differential;

import java.util.List;
import java.util.Set;

/**
 * Settings of BackendTrafficPolicy that change nothing a client sees, unless something else goes wrong.
 *
 * @param kind in the words of the list of expected differences
 */
record Settings(Kind kind) implements Feature {
  /** The kinds. */
  enum Kind {
    /** Bounds that no situation reaches, and a new connection for each request. */
    BREAKER(
        "circuitBreaker: {maxConnections: 100, maxPendingRequests: 100, maxParallelRequests: 100, maxRequestsPerConnection: 1}",
        ""),
    /** Small buffers on the way to pods. */
    POD_BUFFER("connection: {bufferLimit: 64Ki}", ""),
    /** Another way to balance. Envoy Gateway's file provider panics at a consistent hash. */
    RANDOM("loadBalancer: {type: Random}", ""),
    /** Health checks by requests. */
    CHECKED(
        "healthCheck: {active: {type: HTTP, timeout: 1s, interval: 3s, unhealthyThreshold: 3, healthyThreshold: 1,"
            + " http: {path: /healthz, expectedStatuses: [200]}}}",
        "Ejection"),
    /** Websockets, and nothing else. */
    UPGRADES("httpUpgrade: [{type: websocket}]", "WholeRequest"),
    /** Limits of connections, which no situation reaches. */
    CONNECTIONS(
        "timeout: {tcp: {connectTimeout: 5s}, http: {connectionIdleTimeout: 60s, maxConnectionDuration: 300s}}",
        "Timeouts");

    private final String field;
    private final String beside;

    /** A feature that it cannot stand {@code beside} in a policy; or empty. */
    Kind(String field, String beside) {
      this.field = field;
      this.beside = beside;
    }

    /** Whether a rule with these features may have it. */
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
