package dev.pointsman.xds;

/**
 * What the emitted xDS depends on besides the objects.
 *
 * @param eds where proxies reach endpoint discovery
 * @param bodyLimit the largest request body, in bytes, from which a model's name is read
 */
public record XdsSettings(EdsCluster eds, long bodyLimit) {
  /** Endpoint discovery on this machine, and bodies to 20 MiB. */
  public static final XdsSettings DEFAULT = new XdsSettings(EdsCluster.LOCAL, 20L << 20);
}
