package dev.pointsman.model;

import java.util.List;

/**
 * The backends of an HTTPRoute, as its author wrote them: what Envoy Gateway loses where pools are involved.
 *
 * @param created the object's creation timestamp as written (RFC 3339), which orders HTTPRoutes by age; empty if unknown
 * @param rules in the order of the object; Envoy Gateway numbers them so
 */
public record HttpRouteRules(String namespace, String name, String created, List<Rule> rules) {
  public HttpRouteRules {
    rules = List.copyOf(rules);
  }

  /**
   * A rule.
   *
   * @param name empty when it has none
   */
  public record Rule(String name, List<BackendRef> backends) {
    public Rule {
      backends = List.copyOf(backends);
    }
  }

  /**
   * One of a rule's backends.
   *
   * @param group the API group; empty for the core group
   * @param weight 0 to 1,000,000; 1 where the author wrote none
   */
  public record BackendRef(String group, String kind, String namespace, String name, int weight) {
    /** The most that Gateway API allows. */
    public static final int MAX_WEIGHT = 1_000_000;

    /** The pool, where the backend is one. */
    public PoolRef pool() {
      return new PoolRef(group, namespace, name);
    }
  }
}
