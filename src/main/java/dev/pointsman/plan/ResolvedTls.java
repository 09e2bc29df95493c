package dev.pointsman.plan;

/** The security of the connection to a picker or to pods, with its certificates. */
public sealed interface ResolvedTls {
  /** Encrypted; the server's certificate is not verified. */
  record Unverified() implements ResolvedTls {}

  /**
   * Encrypted and verified.
   *
   * @param caCertificates PEM; empty: the proxy's system trust store
   * @param hostname empty: the DNS name of the picker's Service
   */
  record Verified(String caCertificates, String hostname) implements ResolvedTls {}

  /** Every certificate is refused, because the CA certificates do not exist. */
  record TrustNobody() implements ResolvedTls {}

  /** Not encrypted. */
  record Unencrypted() implements ResolvedTls {}
}
