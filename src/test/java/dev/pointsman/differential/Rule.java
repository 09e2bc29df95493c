package dev.pointsman.differential;

import java.util.List;

/**
 * A rule, which is an HTTPRoute of its own.
 *
 * @param model that it matches; empty: none
 * @param path that it matches, exactly or by prefix
 * @param matches further fields of the match in YAML, such as {@code method: POST}
 * @param modelByPolicy whether an InferencePolicy names the model, so that the rule takes all other requests on its path, too
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
    boolean policyOnRule,
    boolean modelByPolicy) {
  Rule {
    matches = List.copyOf(matches);
    backends = List.copyOf(backends);
    features = List.copyOf(features);
  }

  /** Of its HTTPRoute. */
  String name() {
    return "r" + number;
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
