package dev.pointsman.config;

import dev.pointsman.model.ByteSize;
import java.util.Optional;

/** The required part of Envoy Gateway's configuration, as YAML. */
public final class GatewayConfig {
  /**
   * TLS from Envoy Gateway to the hooks; the certificates are in Secrets, so it exists in Kubernetes only.
   *
   * @param ca the Secret whose {@code tls.crt} is the CA of our certificate
   * @param client the Secret with the certificate that Envoy Gateway presents
   */
  public record HookTls(SecretRef ca, Optional<SecretRef> client) {}

  private static final String LEGACY_POOLS =
      "  - {group: inference.networking.x-k8s.io, version: v1alpha2, kind: InferencePool}\n";

  private GatewayConfig() {}

  /**
   * The block that registers the hooks.
   *
   * @param grpc the address of the hooks for Envoy Gateway
   * @param legacyPools whether Envoy Gateway accepts pools of v1alpha2
   * @param timeout the time limit of a call; empty: none, as before Envoy Gateway 1.10
   */
  public static String extensionManager(
      HostPort grpc,
      ByteSize maxMessageSize,
      Optional<HookTls> tls,
      boolean legacyPools,
      Optional<GatewayDuration> timeout) {
    String service = grpc.isAddress()
        ? "ip: {address: \"%s\", port: %d}".formatted(grpc.host(), grpc.port())
        : "fqdn: {hostname: %s, port: %d}".formatted(grpc.host(), grpc.port());
    return """
        extensionManager:
          maxMessageSize: %s
          backendResources: # what an HTTPRoute may name as a backend
          - {group: inference.networking.k8s.io, version: v1, kind: InferencePool}
        %s  policyResources: # what is attached to Gateways and HTTPRoutes
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
        """.formatted(maxMessageSize, legacyPools ? LEGACY_POOLS : "", service)
        + timeout.map(limit -> "    timeout: " + limit + "\n").orElse("")
        + tls.map(GatewayConfig::hookTls).orElse("");
  }

  private static String hookTls(HookTls tls) {
    return ("tls:\n  certificateRef: " + tls.ca().yaml() + "\n"
            + tls.client()
                .map(client -> "  clientCertificateRef: " + client.yaml() + "\n")
                .orElse(""))
        .indent(4);
  }
}
