package dev.pointsman.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * TLS of the two gRPC ports.
 *
 * @param certificates folder with {@code tls.crt} (the server's certificate and its chain) and {@code tls.key}, as a
 *     Kubernetes Secret of type {@code kubernetes.io/tls} is mounted
 * @param ca the certificates (PEM) that proxies trust; empty: {@code ca.crt} of the same folder
 * @param proxySds the SDS file, on the proxies, with their client certificate; empty: no client certificate
 * @param grpcClientCa the CA of Envoy Gateway's client certificate; empty: no client certificate is required
 * @param grpcClientName the DNS name that the certificate must have besides; empty: any
 * @param edsClientCa the CA of the proxies' client certificates; empty: no client certificate is required
 */
public record TlsSettings(
    Path certificates,
    Optional<Path> ca,
    Optional<String> proxySds,
    Optional<Path> grpcClientCa,
    Optional<String> grpcClientName,
    Optional<Path> edsClientCa) {
  /** The file with the server's certificate and its chain. */
  public Path certificate() {
    return certificates.resolve("tls.crt");
  }

  /** The file with the private key of the certificate. */
  public Path key() {
    return certificates.resolve("tls.key");
  }

  /** The file with the CA certificates that proxies trust. */
  public Path proxiesTrust() {
    return ca.orElseGet(() -> certificates.resolve("ca.crt"));
  }
}
