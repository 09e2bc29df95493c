package dev.pointsman.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * TLS of the two gRPC ports.
 *
 * @param certificates folder with {@code tls.crt} (the server's certificate and its chain) and {@code tls.key}, as a
 *     Kubernetes Secret of type {@code kubernetes.io/tls} is mounted
 * @param ca the certificates (PEM) that proxies are told to trust; empty: {@code ca.crt} of the same folder
 * @param proxySds the SDS file, on the proxies, with the certificate that they present; empty: they present none
 * @param grpcClientCa who signs Envoy Gateway's client certificate; empty: no client certificate is asked for
 * @param edsClientCa who signs the proxies' client certificates; empty: none is asked for
 */
public record TlsSettings(
    Path certificates,
    Optional<Path> ca,
    Optional<String> proxySds,
    Optional<Path> grpcClientCa,
    Optional<Path> edsClientCa) {
  /** The server's certificate, then those that sign it. */
  public Path certificate() {
    return certificates.resolve("tls.crt");
  }

  /** The certificate's private key. */
  public Path key() {
    return certificates.resolve("tls.key");
  }

  /** The file with the CA certificates that proxies are told to trust. */
  public Path proxiesTrust() {
    return ca.orElseGet(() -> certificates.resolve("ca.crt"));
  }
}
