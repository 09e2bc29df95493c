package dev.pointsman.cli;

import dev.pointsman.config.TlsSettings;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of {@code serve} about TLS on both gRPC ports. */
final class TlsOptions {
  @Option(
      names = "--tls-certificates",
      paramLabel = "DIR",
      description =
          "Folder with tls.crt and tls.key (PEM): both gRPC ports then speak TLS with this certificate; changes are"
              + " loaded within seconds.")
  private @Nullable Path tlsCertificates;

  @Option(
      names = "--grpc-client-ca",
      paramLabel = "FILE",
      description =
          "CA certificates (PEM): Envoy Gateway must present a client certificate that one of them signed; changes are loaded"
              + " within seconds.")
  private @Nullable Path grpcClientCa;

  @Option(
      names = "--grpc-client-name",
      paramLabel = "NAME",
      description =
          "The DNS name that Envoy Gateway's client certificate must have, for a CA that signs other certificates, too.")
  private @Nullable String grpcClientName;

  @Option(
      names = "--eds-client-ca",
      paramLabel = "FILE",
      description =
          "CA certificates (PEM): proxies must present a client certificate that one of them signed; changes are loaded within"
              + " seconds.")
  private @Nullable Path edsClientCa;

  @Option(
      names = "--tls-ca",
      paramLabel = "FILE",
      description =
          "CA certificates (PEM) of our certificate: proxies trust no other CA. The certificate must be for"
              + " --eds-advertise's host (default: ca.crt in --tls-certificates). Changes are"
              + " loaded within seconds, and proxies get them by a translation.")
  private @Nullable Path tlsCa;

  @Option(
      names = "--proxy-sds",
      paramLabel = "FILE",
      description =
          "On the proxies, Envoy Gateway's SDS file with their client certificate. Standalone it is"
              + " CONFIGHOME/certs/envoy/xds-certificate.json; \"none\": no client certificate (default: ${DEFAULT-VALUE}).")
  private String proxySds = "/sds/xds-certificate.json";

  /** The settings; empty without {@code --tls-certificates}. */
  Optional<TlsSettings> settings() {
    return Optional.ofNullable(tlsCertificates)
        .map(folder -> new TlsSettings(
            folder,
            Optional.ofNullable(tlsCa),
            Optional.of(proxySds).filter(file -> !file.equals("none") && !file.isEmpty()),
            Optional.ofNullable(grpcClientCa),
            Optional.ofNullable(grpcClientName),
            Optional.ofNullable(edsClientCa)));
  }
}
