package dev.pointsman.differential;

import java.util.List;

/**
 * A rule, in an HTTPRoute of its own or in that of the previous rule.
 *
 * @param model the matched model; empty: none
 * @param path the matched path, exact or a prefix
 * @param matches further fields of the match in YAML, such as {@code method: POST}
 * @param gateways the numbers of the Gateways of its HTTPRoute
 * @param joins whether it is in the HTTPRoute of the previous rule
 * @param policyOnRule whether policies target the rule ({@code sectionName}) instead of the HTTPRoute
 * @param modelByPolicy whether the model is in an InferencePolicy, so that the rule also matches all other requests on its
 *     path
 */
record Rule(
    int number,
    String model,
    String path,
    boolean exactPath,
    List<String> matches,
    List<Backend> backends,
    List<Feature> features,
    List<Integer> gateways,
    boolean joins,
    boolean policyOnRule,
    boolean modelByPolicy) {
  Rule {
    matches = List.copyOf(matches);
    backends = List.copyOf(backends);
    features = List.copyOf(features);
    gateways = List.copyOf(gateways);
  }

  /** The name of its HTTPRoute and of its policies, unless it joins another. */
  String name() {
    return "r" + number;
  }

  /** The name of the rule in its HTTPRoute. */
  String section() {
    return "main" + number;
  }

  /** The rule on other Gateways, and perhaps in the HTTPRoute of the previous rule; then its policies target the rule. */
  Rule placed(List<Integer> others, boolean joining) {
    return new Rule(
        number,
        model,
        path,
        exactPath,
        matches,
        backends,
        features,
        others,
        joining,
        joining || policyOnRule,
        modelByPolicy);
  }

  /** The rule with the model and path of another. */
  Rule forRequestsOf(Rule other) {
    return new Rule(
        number,
        other.model,
        other.path,
        other.exactPath,
        matches,
        backends,
        features,
        gateways,
        joins,
        policyOnRule,
        modelByPolicy);
  }

  /** The rule with other backends and features. */
  Rule with(List<Backend> otherBackends, List<Feature> otherFeatures) {
    return new Rule(
        number,
        model,
        path,
        exactPath,
        matches,
        otherBackends,
        otherFeatures,
        gateways,
        joins,
        policyOnRule,
        modelByPolicy);
  }

  boolean hasModel() {
    return !model.isEmpty();
  }

  boolean hasPool() {
    return backends.stream().anyMatch(Backend::isPool);
  }

  /** The names of its features. */
  List<String> featureNames() {
    return features.stream().map(Feature::name).toList();
  }
}
