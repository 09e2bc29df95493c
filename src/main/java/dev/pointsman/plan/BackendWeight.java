package dev.pointsman.plan;

import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A backend of a rule as reported by Envoy Gateway's Endpoints hook: a locality {@code <cluster>/backend/<index>}.
 *
 * @param weight its share, 0 to 1,000,000
 * @param empty whether it has no endpoints, which is true for every pool: Envoy Gateway does not resolve pools
 */
public record BackendWeight(int index, long weight, boolean empty) {
  /** The separator of the rule's cluster and the backend's index, in Envoy Gateway's names and in added ones. */
  public static final String SEPARATOR = "/backend/";

  /** Gateway API's limit for the backends of a rule. */
  private static final int MAX_BACKENDS = 16;

  /** The clusters of all backends that a rule may have, in order. */
  public static Stream<String> clusters(String rule) {
    return IntStream.range(0, MAX_BACKENDS).mapToObj(index -> cluster(rule, index));
  }

  /** The cluster of a rule's backend. */
  public static String cluster(String rule, int index) {
    return rule + SEPARATOR + index;
  }
}
