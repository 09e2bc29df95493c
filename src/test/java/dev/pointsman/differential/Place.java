package dev.pointsman.differential;

/**
 * The place of a feature.
 *
 * @param seed of the situation
 * @param rule the number of the feature's rule; -1 for the listener
 */
record Place(long seed, int rule, Site site) {
  /** Of everything in the situation. */
  String namespace() {
    return "s" + seed;
  }

  /** Of the rule's HTTPRoute, unique in the namespace; objects of features begin with it. */
  String route() {
    return "r" + rule;
  }
}
