package dev.pointsman.differential;

/**
 * The rule or listener to which a feature is attached.
 *
 * @param seed the seed of the situation
 * @param rule the number of the rule; -1 for the listener
 */
record Attachment(long seed, int rule, Addresses addresses) {
  /** The namespace of the feature's policy and objects: the Gateway's for a listener. */
  String namespace() {
    return rule < 0 ? "default" : "s" + seed;
  }

  /** The name of the policy, unique in the namespace, and the prefix of the names of the feature's objects. */
  String route() {
    return rule < 0 ? "s" + seed : "r" + rule;
  }
}
