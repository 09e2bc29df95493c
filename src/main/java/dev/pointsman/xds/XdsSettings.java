package dev.pointsman.xds;

/**
 * What the emitted xDS depends on besides the objects.
 *
 * @param bodyLimit the largest request body, in bytes, from which a model's name is read
 * @param largestAnswer the largest translation, in bytes, that Envoy Gateway takes
 */
public record XdsSettings(EdsTransport edsTransport, long bodyLimit, long largestAnswer) {
  /** The bootstrap's cluster, bodies to 20 MiB, and translations to 64 MiB. */
  public static final XdsSettings DEFAULT =
      new XdsSettings(new EdsTransport.EnvoyGrpc(), 20L << 20, 64L << 20);
}
