package dev.pointsman.xds;

/**
 * What the emitted xDS depends on besides the objects.
 *
 * @param bodyLimit the largest request body, in bytes, from which a model's name is read
 * @param loopSecret the key of the tokens that open the loop listeners
 */
public record XdsSettings(EdsTransport edsTransport, long bodyLimit, LoopSecret loopSecret) {
  /** The bootstrap's cluster, bodies to 20 MiB, and tokens that everybody can compute. */
  public static final XdsSettings DEFAULT =
      new XdsSettings(new EdsTransport.EnvoyGrpc(), 20L << 20, LoopSecret.PUBLIC);
}
