package dev.pointsman.plan;

/**
 * A backend of a rule as reported by Envoy Gateway's Endpoints hook: a locality {@code <cluster>/backend/<index>}.
 *
 * @param weight its share, 0 to 1,000,000
 * @param empty whether it has no endpoints, which is true for every pool: Envoy Gateway does not resolve pools
 */
public record BackendWeight(int index, long weight, boolean empty) {
  /** The separator of the rule's cluster and the backend's index, in Envoy Gateway's names and in added ones. */
  public static final String SEPARATOR = "/backend/";

  /** The cluster of a rule's backend. */
  public static String cluster(String rule, int index) {
    return rule + SEPARATOR + index;
  }
}
