package dev.pointsman.model;

import java.util.Optional;

/**
 * The security of the connections to the pods of pools.
 *
 * @param clientCertificate the Secret of the policy's namespace with the certificate that the gateway shows
 */
public record UpstreamTlsSpec(TlsSpec tls, Optional<CertificateRef> clientCertificate) {}
