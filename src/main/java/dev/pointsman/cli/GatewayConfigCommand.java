package dev.pointsman.cli;

import dev.pointsman.config.EdsTransportKind;
import dev.pointsman.config.GatewayConfig;
import dev.pointsman.config.HostPort;
import dev.pointsman.model.ByteSize;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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

  @Override
  public Integer call() {
    String yaml = GatewayConfig.extensionManager(grpcAdvertise, maxMessageSize);
    if (edsTransport == EdsTransportKind.ENVOY_GRPC) {
      yaml += GatewayConfig.bootstrapPatch(edsAdvertise);
    }
    spec.commandLine().getOut().print(yaml);
    spec.commandLine().getOut().flush();
    return 0;
  }
}
