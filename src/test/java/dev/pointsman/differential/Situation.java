package dev.pointsman.differential;

import java.util.List;
import java.util.stream.Stream;

/**
 * All that one seed gives.
 *
 * @param listener features of the listener
 * @param asks in the order in which they are sent
 */
record Situation(long seed, List<Rule> rules, List<Feature> listener, List<Ask> asks) {
  Situation {
    rules = List.copyOf(rules);
    listener = List.copyOf(listener);
    asks = List.copyOf(asks);
  }

  /** The hostname of its routes. */
  String host() {
    return "s" + seed + ".differential.test";
  }

  /** The names of the listener's features and of a rule's. */
  List<String> featuresOf(int rule) {
    return Stream.concat(
            listener.stream().map(Feature::name),
            rules.stream()
                .filter(one -> one.number() == rule)
                .flatMap(one -> one.featureNames().stream()))
        .toList();
  }

  /** Backends of the rules and of their mirrors. */
  Stream<Backend> backends() {
    return rules.stream()
        .flatMap(rule -> Stream.concat(
            rule.backends().stream(),
            rule.features().stream().flatMap(feature -> feature.backends().stream())));
  }
}
