package dev.pointsman.cli;

import dev.pointsman.config.BadInput;
import dev.pointsman.config.EdsTransportKind;
import dev.pointsman.config.GatewayConfig;
import dev.pointsman.config.GatewayConfig.EdsTls;
import dev.pointsman.config.GatewayConfig.HookTls;
import dev.pointsman.config.HostPort;
import dev.pointsman.config.Pem;
import dev.pointsman.config.SecretRef;
import dev.pointsman.model.ByteSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code pointsman gateway-config}. */
@Command(
    name = "gateway-config",
    description = "Prints what to add to Envoy Gateway's configuration (the EnvoyGateway object).",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false)
final class GatewayConfigCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Option(
      names = "--grpc-advertise",
      paramLabel = "H:P",
      description =
          "Where Envoy Gateway reaches our hooks, in Kubernetes the Service's name (default: ${DEFAULT-VALUE}).")
  private HostPort grpcAdvertise = new HostPort("127.0.0.1", 5005);

  @Option(
      names = "--eds-advertise",
      paramLabel = "H:P",
      description = "Where proxies reach endpoint discovery (default: ${DEFAULT-VALUE}).")
  private HostPort edsAdvertise = new HostPort("127.0.0.1", 18010);

  @Option(
      names = "--eds-transport",
      paramLabel = "KIND",
      converter = EdsTransportConverter.class,
      description =
          "As given to serve: google-grpc needs no bootstrap patch (default: envoy-grpc).")
  private EdsTransportKind edsTransport = EdsTransportKind.ENVOY_GRPC;

  @Option(
      names = "--max-message-size",
      paramLabel = "SIZE",
      description = "As given to serve (default: ${DEFAULT-VALUE}).")
  private ByteSize maxMessageSize = ByteSize.mebibytes(64);

  @Option(
      names = "--tls-ca",
      paramLabel = "FILE",
      description =
          "CA (PEM) of our server certificate: proxies then speak TLS to endpoint discovery. The certificate must be"
              + " for --eds-advertise's host.")
  private @Nullable Path tlsCa;

  @Option(
      names = "--proxy-sds",
      paramLabel = "FILE",
      description =
          "With --tls-ca: on the proxies, Envoy Gateway's SDS file with their client certificate. Standalone it is"
              + " CONFIGHOME/certs/envoy/xds-certificate.json; \"none\": they present none (default: ${DEFAULT-VALUE}).")
  private String proxySds = "/sds/xds-certificate.json";

  @Option(
      names = "--tls-ca-secret",
      paramLabel = "NAME[/NS]",
      description =
          "Secret with the CA of our server certificate as tls.crt: Envoy Gateway then speaks TLS to the hooks"
              + " (in Kubernetes only). The certificate must be for --grpc-advertise's host.")
  private @Nullable SecretRef tlsCaSecret;

  @Option(
      names = "--tls-client-secret",
      paramLabel = "NAME[/NS]",
      description =
          "With --tls-ca-secret: Secret with the certificate that Envoy Gateway presents.")
  private @Nullable SecretRef tlsClientSecret;

  @Override
  public Integer call() {
    Optional<EdsTls> edsTls = Optional.ofNullable(tlsCa).map(this::edsTls);
    Optional<HookTls> hookTls = Optional.ofNullable(tlsCaSecret)
        .map(ca -> new HookTls(ca, Optional.ofNullable(tlsClientSecret)));
    if (tlsClientSecret != null && hookTls.isEmpty()) {
      throw misused("--tls-client-secret needs --tls-ca-secret");
    }
    String yaml = GatewayConfig.extensionManager(grpcAdvertise, maxMessageSize, hookTls);
    switch (edsTransport) {
      case ENVOY_GRPC -> yaml += GatewayConfig.bootstrapPatch(edsAdvertise, edsTls);
      case GOOGLE_GRPC -> {
        if (edsTls.isPresent()) {
          throw misused(
              "--tls-ca goes into the bootstrap patch, which --eds-transport google-grpc does without");
        }
      }
    }
    spec.commandLine().getOut().print(yaml);
    spec.commandLine().getOut().flush();
    return 0;
  }

  private EdsTls edsTls(Path ca) {
    Optional<String> sds =
        Optional.of(proxySds).filter(file -> !file.equals("none") && !file.isEmpty());
    try {
      return new EdsTls(Pem.certificatesOnly(ca, Files.readAllBytes(ca)), sds);
    } catch (NoSuchFileException e) {
      throw new BadInput("--tls-ca " + ca + ": there is no such file");
    } catch (IOException e) {
      throw new BadInput("--tls-ca " + ca + ": cannot be read (" + e + ")");
    }
  }

  private ParameterException misused(String why) {
    return new ParameterException(spec.commandLine(), why);
  }
}
