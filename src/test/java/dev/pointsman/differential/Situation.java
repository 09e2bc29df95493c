package dev.pointsman.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * All that one seed gives.
 *
 * @param listener features of the first Gateway's listener
 * @param asks in the order in which they are sent
 */
record Situation(long seed, List<Rule> rules, List<Feature> listener, List<Ask> asks) {
  Situation {
    rules = List.copyOf(rules);
    listener = List.copyOf(listener);
    asks = List.copyOf(asks);
  }

  /** The same with these requests. */
  Situation with(List<Ask> others) {
    return new Situation(seed, rules, listener, others);
  }

  /** The namespace of its routes and backends. */
  String namespace() {
    return "s" + seed;
  }

  /** The hostname of its routes. */
  String host() {
    return "s" + seed + ".differential.test";
  }

  /** The rules of each HTTPRoute. */
  List<List<Rule>> routes() {
    List<List<Rule>> routes = new ArrayList<>();
    for (Rule rule : rules) {
      if (!rule.joins()) {
        routes.add(new ArrayList<>());
      }
      routes.getLast().add(rule);
    }
    return routes;
  }

  /** How many Gateways it has. */
  int gateways() {
    return 1
        + rules.stream()
            .flatMap(rule -> rule.gateways().stream())
            .max(Integer::compare)
            .orElse(0);
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
