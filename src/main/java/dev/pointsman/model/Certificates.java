package dev.pointsman.model;

import java.util.Optional;

/**
 * The certificates in a ConfigMap or Secret.
 *
 * @param leftOut whether it is not read, because the policies of its namespace name too many
 * @param authorities a CA's certificates, as PEM
 * @param client a certificate with its key; of a Secret only
 */
public record Certificates(
    String namespace,
    CertificateRef ref,
    boolean leftOut,
    Optional<String> authorities,
    Optional<ClientCertificate> client) {
  /** The certificates of an object that was read. */
  public Certificates(
      String namespace,
      CertificateRef ref,
      Optional<String> authorities,
      Optional<ClientCertificate> client) {
    this(namespace, ref, false, authorities, client);
  }

  /** No certificates of an object that is not read. */
  public static Certificates leftOut(String namespace, CertificateRef ref) {
    return new Certificates(namespace, ref, true, Optional.empty(), Optional.empty());
  }

  /** The same object, read for another use. */
  Certificates and(Certificates other) {
    return new Certificates(
        namespace, ref, authorities.or(other::authorities), client.or(other::client));
  }
}
