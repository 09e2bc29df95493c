package dev.pointsman.cli;

import dev.pointsman.config.GatewayConfig;
import dev.pointsman.config.GatewayConfig.HookSettings;
import dev.pointsman.config.GatewayConfig.HookTls;
import dev.pointsman.config.GatewayConfig.ShadowAddresses;
import dev.pointsman.config.HostPort;
import dev.pointsman.config.SecretRef;
import dev.pointsman.config.ServeSettings;
import dev.pointsman.model.ByteSize;
import dev.pointsman.model.GatewayDuration;
import java.time.Duration;
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
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  pointsman gateway-config",
      "  pointsman gateway-config --grpc-advertise pointsman-hooks.envoy-gateway-system.svc:5005 \\",
      "    --tls-ca-secret pointsman-ca --tls-client-secret pointsman-hook-client"
    })
final class GatewayConfigCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Option(
      names = "--grpc-advertise",
      paramLabel = "H:P",
      description =
          "Address of the hooks for Envoy Gateway, in Kubernetes the Service's name (default: ${DEFAULT-VALUE}).")
  private HostPort grpcAdvertise = new HostPort("127.0.0.1", 5005);

  @Option(
      names = "--max-message-size",
      paramLabel = "SIZE",
      description = "As given to serve (default: ${DEFAULT-VALUE}).")
  private ByteSize maxMessageSize = ByteSize.mebibytes(64);

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

  @Option(
      names = "--legacy-pools",
      paramLabel = "BOOLEAN",
      arity = "1",
      description =
          "Whether Envoy Gateway takes InferencePools of v1alpha2, too. KServe moves to v1 once they are refused"
              + " (default: ${DEFAULT-VALUE}).")
  private boolean legacyPools = true;

  @Option(
      names = "--hook-timeout",
      paramLabel = "DURATION",
      description =
          "Time limit of a call, such as 10s: Envoy Gateway then no longer waits for a replica that hangs. Releases"
              + " without extensionManager.service.timeout, as 1.9, refuse it (default: none).")
  private @Nullable String hookTimeout;

  @Option(
      names = "--shadow-before",
      paramLabel = "H:P",
      description =
          "Address of a shadow's --grpc-address (serve --shadow): prints a list of three extension managers.")
  private @Nullable HostPort shadowBefore;

  @Option(
      names = "--shadow-after",
      paramLabel = "H:P",
      description = "Address of the shadow's --shadow-address.")
  private @Nullable HostPort shadowAfter;

  @Override
  public Integer call() {
    Optional<HookTls> hookTls = Optional.ofNullable(tlsCaSecret)
        .map(ca -> new HookTls(ca, Optional.ofNullable(tlsClientSecret)));
    if (tlsClientSecret != null && hookTls.isEmpty()) {
      throw misused("--tls-client-secret needs --tls-ca-secret");
    }
    if (!grpcAdvertise.isReachable()) {
      throw misused(
          "--grpc-advertise " + grpcAdvertise
              + " is not an address that Envoy Gateway can connect to: name an IP address or a DNS name, and a port");
    }
    ServeSettings.checkMessageSize(maxMessageSize);
    HookSettings hooks =
        new HookSettings(grpcAdvertise, maxMessageSize, hookTls, legacyPools, timeout());
    String yaml = shadow(hookTls)
        .map(addresses -> GatewayConfig.extensionManagers(hooks, addresses))
        .orElseGet(() -> GatewayConfig.extensionManager(hooks));
    spec.commandLine().getOut().print(yaml);
    spec.commandLine().getOut().flush();
    return 0;
  }

  private Optional<ShadowAddresses> shadow(Optional<HookTls> tls) {
    if (shadowBefore == null && shadowAfter == null) {
      return Optional.empty();
    }
    if (shadowBefore == null || shadowAfter == null) {
      throw misused("--shadow-before and --shadow-after need each other");
    }
    return Optional.of(new ShadowAddresses(shadowBefore, shadowAfter, tls));
  }

  private Optional<Duration> timeout() {
    return Optional.ofNullable(hookTimeout)
        .map(text -> GatewayDuration.parse(text)
            .orElseThrow(() -> misused("--hook-timeout " + text
                + " is not a duration of Gateway API: write it like 10s or 1m30s")));
  }

  private ParameterException misused(String why) {
    return new ParameterException(spec.commandLine(), why);
  }
}
