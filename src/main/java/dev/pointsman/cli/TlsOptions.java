package dev.pointsman.cli;

import dev.pointsman.config.TlsSettings;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options of {@code serve} about TLS on both gRPC ports. */
final class TlsOptions {
  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

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
          "CA certificates (PEM): Envoy Gateway must present a client certificate that one of them signed.")
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
          "CA certificates (PEM): proxies must present a client certificate that one of them signed.")
  private @Nullable Path edsClientCa;

  @Option(
      names = "--tls-ca",
      paramLabel = "FILE",
      description =
          "CA certificates (PEM) of our certificate: proxies trust no other CA. The certificate must be for"
              + " --eds-advertise's host (default: ca.crt in --tls-certificates). Read at the start.")
  private @Nullable Path tlsCa;

  @Option(
      names = "--proxy-sds",
      paramLabel = "FILE",
      description =
          "On the proxies, Envoy Gateway's SDS file with their client certificate. Standalone it is"
              + " CONFIGHOME/certs/envoy/xds-certificate.json; \"none\": no client certificate (default: ${DEFAULT-VALUE}).")
  private String proxySds = "/sds/xds-certificate.json";

  /**
   * The settings; empty without {@code --tls-certificates}.
   *
   * @throws ParameterException when the other options are given without it
   */
  Optional<TlsSettings> settings() {
    if (grpcClientName != null && grpcClientCa == null) {
      throw new ParameterException(
          spec.commandLine(),
          "--grpc-client-ca FILE is missing: without it no certificate is asked for, and --grpc-client-name has no effect");
    }
    if (tlsCertificates != null) {
      return Optional.of(new TlsSettings(
          tlsCertificates,
          Optional.ofNullable(tlsCa),
          Optional.of(proxySds).filter(file -> !file.equals("none") && !file.isEmpty()),
          Optional.ofNullable(grpcClientCa),
          Optional.ofNullable(grpcClientName),
          Optional.ofNullable(edsClientCa)));
    }
    if (grpcClientCa != null || edsClientCa != null || tlsCa != null) {
      throw new ParameterException(
          spec.commandLine(),
          "--tls-certificates DIR is missing: the other --tls options need a server certificate");
    }
    return Optional.empty();
  }
}
