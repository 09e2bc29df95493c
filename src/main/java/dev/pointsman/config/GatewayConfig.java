package dev.pointsman.config;

import dev.pointsman.model.ByteSize;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The required part of Envoy Gateway's configuration, as YAML. */
public final class GatewayConfig {
  /**
   * TLS from Envoy Gateway to the hooks; the certificates are in Secrets, so it exists in Kubernetes only.
   *
   * @param ca the Secret whose {@code tls.crt} is the CA of our certificate
   * @param client the Secret with the certificate that Envoy Gateway presents
   */
  public record HookTls(SecretRef ca, Optional<SecretRef> client) {}

  /**
   * The settings of the hooks.
   *
   * @param grpc the address for Envoy Gateway
   * @param legacyPools whether Envoy Gateway accepts pools of v1alpha2
   * @param timeout the time limit of a call; empty: none, as before Envoy Gateway 1.10
   */
  public record HookSettings(
      HostPort grpc,
      ByteSize maxMessageSize,
      Optional<HookTls> tls,
      boolean legacyPools,
      Optional<Duration> timeout) {
    HookSettings at(HostPort other) {
      return new HookSettings(other, maxMessageSize, tls, legacyPools, timeout);
    }
  }

  /**
   * The addresses of a shadow ({@code serve --shadow}).
   *
   * @param before called before the hooks
   * @param after called after them
   */
  public record ShadowAddresses(HostPort before, HostPort after) {}

  /** An entry of a list of extension managers. */
  private record ChainEntry(String name, String settings) {
    String item() {
      return "- name: " + name + "\n" + settings.indent(2);
    }
  }

  private static final String LEGACY_POOLS =
      "- {group: inference.networking.x-k8s.io, version: v1alpha2, kind: InferencePool}\n";

  private GatewayConfig() {}

  /** The block that registers the hooks. */
  public static String extensionManager(HookSettings hooks) {
    return "extensionManager:\n" + manager(hooks).indent(2);
  }

  /** The block that registers the hooks, between those of a shadow. Envoy Gateway goes on without the shadow. */
  public static String extensionManagers(HookSettings hooks, ShadowAddresses shadow) {
    return "extensionManagers:\n"
        + List.of(
                new ChainEntry(
                    "pointsman-shadow-before",
                    "failOpen: true\n" + manager(hooks.at(shadow.before()))),
                new ChainEntry("pointsman", manager(hooks)),
                new ChainEntry(
                    "pointsman-shadow-after",
                    "failOpen: true\n" + manager(hooks.at(shadow.after()))))
            .stream()
            .map(ChainEntry::item)
            .collect(Collectors.joining());
  }

  private static String manager(HookSettings hooks) {
    HostPort grpc = hooks.grpc();
    String service = grpc.isAddress()
        ? "ip: {address: \"%s\", port: %d}".formatted(grpc.host(), grpc.port())
        : "fqdn: {hostname: %s, port: %d}".formatted(grpc.host(), grpc.port());
    return """
        maxMessageSize: %s
        backendResources: # what an HTTPRoute may name as a backend
        - {group: inference.networking.k8s.io, version: v1, kind: InferencePool}
        %spolicyResources: # what is attached to Gateways and HTTPRoutes
        - {group: pointsman.dev, version: v1alpha1, kind: InferencePolicy}
        hooks:
          xdsTranslator:
            post: [Route, Endpoints, Translation]
            translation: # of listeners, routes and clusters Pointsman needs all
              listener: {includeAll: true}
              route: {includeAll: true}
              cluster: {includeAll: true}
              secret: {includeAll: false} # Envoy Gateway keeps its private keys
        service:
          %s
        """.formatted(hooks.maxMessageSize(), hooks.legacyPools() ? LEGACY_POOLS : "", service)
        + hooks
            .timeout()
            .map(limit -> "  timeout: " + limit.toMillis() + "ms\n")
            .orElse("")
        + hooks.tls().map(GatewayConfig::hookTls).orElse("");
  }

  private static String hookTls(HookTls tls) {
    return ("tls:\n  certificateRef: " + tls.ca().yaml() + "\n"
            + tls.client()
                .map(client -> "  clientCertificateRef: " + client.yaml() + "\n")
                .orElse(""))
        .indent(2);
  }
}
