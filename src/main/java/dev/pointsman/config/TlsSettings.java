package dev.pointsman.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * TLS of the two gRPC ports.
 *
 * @param certificates folder with {@code tls.crt} (the server's certificate and its chain) and {@code tls.key}, as a
 *     Kubernetes Secret of type {@code kubernetes.io/tls} is mounted
 * @param grpcClientCa who signs Envoy Gateway's client certificate; empty: no client certificate is asked for
 * @param edsClientCa who signs the proxies' client certificates; empty: none is asked for
 */
public record TlsSettings(
    Path certificates, Optional<Path> grpcClientCa, Optional<Path> edsClientCa) {
  /** The server's certificate, then those that sign it. */
  public Path certificate() {
    return certificates.resolve("tls.crt");
  }

  /** The certificate's private key. */
  public Path key() {
    return certificates.resolve("tls.key");
  }
}
