package dev.pointsman.differential;

import java.util.List;

/**
 * A rule, which is an HTTPRoute of its own or stands in that of the rule before.
 *
 * @param model that it matches; empty: none
 * @param path that it matches, exactly or by prefix
 * @param matches further fields of the match in YAML, such as {@code method: POST}
 * @param modelByPolicy whether an InferencePolicy names the model, so that the rule takes all other requests on its path, too
 * @param gateways numbers of the Gateways that its HTTPRoute is attached to
 * @param joins whether it stands in the HTTPRoute of the rule before
 * @param policyOnRule whether policies name the rule ({@code sectionName}) and not the whole HTTPRoute
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

  /** Of its HTTPRoute, and the objects of its policies, where it does not join another. */
  String name() {
    return "r" + number;
  }

  /** Its name in its HTTPRoute. */
  String section() {
    return "main" + number;
  }

  /** On other Gateways, and perhaps in the HTTPRoute of the rule before; its policies name the rule then. */
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

  /** For the model and path of another rule. */
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

  /** With other backends and features. */
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
