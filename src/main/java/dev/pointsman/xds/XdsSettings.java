package dev.pointsman.xds;

import dev.pointsman.model.BodySizes;

/**
 * The settings of the emitted xDS.
 *
 * @param eds the address of endpoint discovery
 * @param bodyLimit the largest request body, in bytes, from which a model's name is read
 * @param loopSecret the key of the tokens for the loop listeners
 * @param largestAnswer the largest translation, in bytes, that Envoy Gateway accepts
 * @param classPolicies the namespace whose InferencePolicies may target a GatewayClass
 */
public record XdsSettings(
    EdsCluster eds,
    long bodyLimit,
    LoopSecret loopSecret,
    long largestAnswer,
    String classPolicies) {
  /** The namespace that Envoy Gateway's installation has by default. */
  public static final String ENVOY_GATEWAY = "envoy-gateway-system";

  /** Endpoint discovery on this machine, bodies up to 20 MiB, public tokens, and translations up to 64 MiB. */
  public static final XdsSettings DEFAULT = new XdsSettings(
      EdsCluster.LOCAL, BodySizes.DEFAULT_LIMIT, LoopSecret.PUBLIC, 64L << 20, ENVOY_GATEWAY);

  /** The settings with another largest translation, in bytes. */
  public XdsSettings withLargestAnswer(long bytes) {
    return new XdsSettings(eds, bodyLimit, loopSecret, bytes, classPolicies);
  }
}
