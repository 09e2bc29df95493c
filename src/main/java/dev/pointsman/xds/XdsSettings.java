package dev.pointsman.xds;

/**
 * What the emitted xDS depends on besides the objects.
 *
 * @param eds where proxies reach endpoint discovery
 * @param bodyLimit the largest request body, in bytes, from which a model's name is read
 * @param loopSecret the key of the tokens that open the loop listeners
 * @param largestAnswer the largest translation, in bytes, that Envoy Gateway takes
 */
public record XdsSettings(
    EdsCluster eds, long bodyLimit, LoopSecret loopSecret, long largestAnswer) {
  /**
   * Endpoint discovery on this machine, bodies to 20 MiB, tokens that everybody can compute, and translations to 64 MiB.
   */
  public static final XdsSettings DEFAULT =
      new XdsSettings(EdsCluster.LOCAL, 20L << 20, LoopSecret.PUBLIC, 64L << 20);

  /** Itself with another largest translation, in bytes. */
  public XdsSettings withLargestAnswer(long bytes) {
    return new XdsSettings(eds, bodyLimit, loopSecret, bytes);
  }
}
