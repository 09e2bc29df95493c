package dev.pointsman.model;

import java.util.Optional;

/**
 * The certificates in a ConfigMap or Secret.
 *
 * @param authorities a CA's certificates, as PEM
 * @param client a certificate with its key; of a Secret only
 */
public record Certificates(
    String namespace,
    CertificateRef ref,
    Optional<String> authorities,
    Optional<ClientCertificate> client) {
  /** The same object, read for another use. */
  Certificates and(Certificates other) {
    return new Certificates(
        namespace, ref, authorities.or(other::authorities), client.or(other::client));
  }
}
