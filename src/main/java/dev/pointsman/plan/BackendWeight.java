package dev.pointsman.plan;

/**
 * One backend of a rule as Envoy Gateway's Endpoints hook shows it: a locality {@code <cluster>/backend/<index>}.
 *
 * @param weight its share, 0 to 1,000,000
 * @param empty whether it has no endpoints, as every pool has in Envoy Gateway's eyes
 */
public record BackendWeight(int index, long weight, boolean empty) {
  /** In Envoy Gateway's names, and in ours like them, between the rule's cluster and the backend's index. */
  public static final String SEPARATOR = "/backend/";

  /** The cluster of a rule's backend. */
  public static String cluster(String rule, int index) {
    return rule + SEPARATOR + index;
  }
}
