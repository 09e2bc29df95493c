package dev.pointsman.model;

/**
 * A certificate with its key, as PEM.
 *
 * @param chain the certificate first
 */
public record ClientCertificate(String chain, String key) {
  /** Without the key, which belongs into no log. */
  @Override
  public String toString() {
    return "ClientCertificate[chain=" + chain + "]";
  }
}
