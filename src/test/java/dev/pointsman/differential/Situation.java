package dev.pointsman.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The routes, backends and requests of one seed.
 *
 * @param listener the features of the first Gateway's listener
 * @param requests in the order in which they are sent
 */
record Situation(long seed, List<Rule> rules, List<Feature> listener, List<DrawnRequest> requests) {
  Situation {
    rules = List.copyOf(rules);
    listener = List.copyOf(listener);
    requests = List.copyOf(requests);
  }

  /** The situation with other requests. */
  Situation with(List<DrawnRequest> others) {
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

  /** The number of Gateways. */
  int gateways() {
    return 1
        + rules.stream()
            .flatMap(rule -> rule.gateways().stream())
            .max(Integer::compare)
            .orElse(0);
  }

  /** Whether it has a rule on the Gateway, or a request to it. */
  boolean uses(int gateway) {
    return rules.stream().anyMatch(rule -> rule.gateways().contains(gateway))
        || requests.stream().anyMatch(request -> request.gateway() == gateway);
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

  /** The backends of the rules and of their mirrors. */
  Stream<Backend> backends() {
    return rules.stream()
        .flatMap(rule -> Stream.concat(
            rule.backends().stream(),
            rule.features().stream().flatMap(feature -> feature.backends().stream())));
  }
}
