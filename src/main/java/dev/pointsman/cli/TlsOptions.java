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
              + " seen within seconds.")
  private @Nullable Path tlsCertificates;

  @Option(
      names = "--grpc-client-ca",
      paramLabel = "FILE",
      description =
          "CA certificates (PEM): Envoy Gateway must present a client certificate that one of them signed.")
  private @Nullable Path grpcClientCa;

  @Option(
      names = "--eds-client-ca",
      paramLabel = "FILE",
      description =
          "CA certificates (PEM): proxies must present a client certificate that one of them signed.")
  private @Nullable Path edsClientCa;

  /**
   * What was said; empty without {@code --tls-certificates}.
   *
   * @throws ParameterException when the other options are there without it
   */
  Optional<TlsSettings> settings() {
    if (tlsCertificates != null) {
      return Optional.of(new TlsSettings(
          tlsCertificates, Optional.ofNullable(grpcClientCa), Optional.ofNullable(edsClientCa)));
    }
    if (grpcClientCa != null || edsClientCa != null) {
      throw new ParameterException(
          spec.commandLine(),
          "--tls-certificates DIR is missing: without a certificate of ours there is no TLS in which clients could"
              + " present theirs");
    }
    return Optional.empty();
  }
}
