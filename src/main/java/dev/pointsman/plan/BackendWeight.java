package dev.pointsman.plan;

import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A backend of a rule as reported by Envoy Gateway's Endpoints hook: a locality {@code <rule>/backend/<index>}.
 *
 * <p>The cluster of a rule is {@code <kind>/<namespace>/<name>/rule/<number>}. Later releases of Envoy Gateway append the
 * listener to both names if the listener's routing differs from its Gateway's. The form of that suffix is not published,
 * so that any text after a number is one.
 *
 * @param weight its share, 0 to 1,000,000
 * @param empty whether it has no endpoints, which is true for every pool: Envoy Gateway does not resolve pools
 */
public record BackendWeight(int index, long weight, boolean empty) {
  /** Before the backend's index, in Envoy Gateway's names and in added ones. */
  private static final String SEPARATOR = "/backend/";

  private static final String RULE_NAME = "(?<rule>[^/]+/[^/]+/[^/]+/rule/(?<number>\\d{1,4}))";

  private static final Pattern RULE = Pattern.compile(RULE_NAME + "(?<suffix>\\D.*)?");

  /** After the rule's number: a namespace and an HTTPRoute may be called {@code backend} and {@code 1}. */
  private static final Pattern INDEX = Pattern.compile(
      RULE_NAME + "(?:\\D.*)?" + SEPARATOR + "(?<index>\\d{1,9})(?<suffix>(?!\\d).*)");

  /** Gateway API's limit for the backends of a rule. */
  private static final int MAX_BACKENDS = 16;

  /** The weight of several backends. */
  static long sum(List<BackendWeight> backends) {
    return backends.stream().mapToLong(BackendWeight::weight).sum();
  }

  /** The clusters of all backends that a rule may have, in order. */
  public static Stream<String> clusters(String rule) {
    return IntStream.range(0, MAX_BACKENDS).mapToObj(index -> cluster(rule, index));
  }

  /** The start of the names of a rule's backends. */
  public static String prefix(String rule) {
    return rule + SEPARATOR;
  }

  /** The cluster of a rule's backend: {@code <rule>/backend/<index>}, before the suffix for a listener. */
  public static String cluster(String rule, int index) {
    Matcher name = RULE.matcher(rule);
    return name.matches() && name.group("suffix") != null
        ? prefix(name.group("rule")) + index + name.group("suffix")
        : prefix(rule) + index;
  }

  /** The number of the rule with the cluster, from 0; empty if the name is not one of a rule. */
  public static OptionalInt ruleNumber(String cluster) {
    Matcher name = RULE.matcher(cluster);
    return name.matches()
        ? OptionalInt.of(Integer.parseInt(name.group("number")))
        : OptionalInt.empty();
  }

  /** The index in the name of a backend's locality or cluster; empty if there is none. */
  public static OptionalInt index(String backend) {
    Matcher name = INDEX.matcher(backend);
    return name.matches()
        ? OptionalInt.of(Integer.parseInt(name.group("index")))
        : OptionalInt.empty();
  }

  /** The suffix for a listener in the name of a backend's cluster; empty if there is none. */
  public static String listenerSuffix(String backend) {
    Matcher name = INDEX.matcher(backend);
    return name.matches() ? name.group("suffix") : "";
  }
}
