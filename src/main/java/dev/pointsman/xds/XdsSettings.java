package dev.pointsman.xds;

/**
 * What the emitted xDS depends on besides the objects.
 *
 * @param bodyLimit the largest request body, in bytes, from which a model's name is read
 */
public record XdsSettings(EdsTransport edsTransport, long bodyLimit) {
  /** The bootstrap's cluster, and bodies to 20 MiB. */
  public static final XdsSettings DEFAULT =
      new XdsSettings(new EdsTransport.EnvoyGrpc(), 20L << 20);
}
