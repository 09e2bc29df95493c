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
    private HookSettings at(HostPort other, Optional<HookTls> otherTls) {
      return new HookSettings(other, maxMessageSize, otherTls, legacyPools, timeout);
    }
  }

  /**
   * The addresses of a shadow ({@code serve --shadow}).
   *
   * @param before called before the hooks
   * @param after called after them
   */
  public record ShadowAddresses(HostPort before, HostPort after, Optional<HookTls> tls) {}

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
    return "extensionManager:\n" + manager(hooks, kinds(hooks)).indent(2);
  }

  /**
   * The block that registers the hooks, between those of a shadow. The shadow's entries name no kinds: they get all
   * objects all the same, and Envoy Gateway 1.9 sends each policy once for each entry that names its kind.
   */
  public static String extensionManagers(HookSettings hooks, ShadowAddresses shadow) {
    return "extensionManagers:\n"
        + List.of(
                new ChainEntry(
                    "pointsman-shadow-before",
                    "failOpen: true\n" + manager(hooks.at(shadow.before(), shadow.tls()), "")),
                new ChainEntry("pointsman", manager(hooks, kinds(hooks))),
                new ChainEntry(
                    "pointsman-shadow-after",
                    "failOpen: true\n" + manager(hooks.at(shadow.after(), shadow.tls()), "")))
            .stream()
            .map(ChainEntry::item)
            .collect(Collectors.joining());
  }

  private static String kinds(HookSettings hooks) {
    return """
        backendResources: # what an HTTPRoute may name as a backend
        - {group: inference.networking.k8s.io, version: v1, kind: InferencePool}
        %spolicyResources: # what is attached to Gateways and HTTPRoutes
        - {group: pointsman.dev, version: v1alpha1, kind: InferencePolicy}
        """.formatted(hooks.legacyPools() ? LEGACY_POOLS : "");
  }

  /** @param kinds the lists of kinds; empty for none */
  private static String manager(HookSettings hooks, String kinds) {
    HostPort grpc = hooks.grpc();
    String service = grpc.isAddress()
        ? "ip: {address: \"%s\", port: %d}".formatted(grpc.host(), grpc.port())
        : "fqdn: {hostname: %s, port: %d}".formatted(grpc.host(), grpc.port());
    return """
        maxMessageSize: %s
        %shooks:
          xdsTranslator:
            post: [Route, Endpoints, Translation]
            translation: # of listeners, routes and clusters Pointsman needs all
              listener: {includeAll: true}
              route: {includeAll: true}
              cluster: {includeAll: true}
              secret: {includeAll: false} # Envoy Gateway keeps its private keys
        service:
          %s
        """.formatted(hooks.maxMessageSize(), kinds, service)
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
