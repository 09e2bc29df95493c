package dev.pointsman.differential;

/**
 * The place of a feature.
 *
 * @param seed of the situation
 * @param rule the number of the feature's rule; -1 for the listener
 */
record Place(long seed, int rule, Site site) {
  /** Of the feature's policy and objects: the Gateway's for a listener. */
  String namespace() {
    return rule < 0 ? "default" : "s" + seed;
  }

  /** The policy's name, unique in the namespace; objects of features begin with it. */
  String route() {
    return rule < 0 ? "s" + seed : "r" + rule;
  }
}
