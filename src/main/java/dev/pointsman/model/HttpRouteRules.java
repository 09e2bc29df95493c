package dev.pointsman.model;

import java.util.List;

/**
 * The backends of an HTTPRoute, as in the object. Envoy Gateway loses them for rules with pools.
 *
 * @param created the object's creation timestamp as in the object (RFC 3339), which orders HTTPRoutes by age; empty if
 *     unknown
 * @param rules in the order of the object, by which Envoy Gateway numbers them
 */
public record HttpRouteRules(String namespace, String name, String created, List<Rule> rules) {
  public HttpRouteRules {
    rules = List.copyOf(rules);
  }

  /**
   * A rule.
   *
   * @param name empty if it has none
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
   * @param weight 0 to 1,000,000; 1 by default
   */
  public record BackendRef(String group, String kind, String namespace, String name, int weight) {
    /** Gateway API's limit. */
    public static final int MAX_WEIGHT = 1_000_000;

    /** The pool, if the backend is one. */
    public PoolRef pool() {
      return new PoolRef(group, namespace, name);
    }
  }
}
