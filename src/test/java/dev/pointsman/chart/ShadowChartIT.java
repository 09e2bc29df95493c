package dev.pointsman.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.config.GatewayConfig;
import dev.pointsman.config.GatewayConfig.HookSettings;
import dev.pointsman.config.GatewayConfig.HookTls;
import dev.pointsman.config.GatewayConfig.ShadowAddresses;
import dev.pointsman.config.HostPort;
import dev.pointsman.config.SecretRef;
import dev.pointsman.model.ByteSize;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A release of the chart as the shadow of another one. */
class ShadowChartIT {
  private static final String GATEWAY = "envoy-gateway-system";

  private final Rendered rendered = new Rendered(
      Helm.template("pointsman-next", GATEWAY, List.of("--set", "shadow.enabled=true,replicas=3"))
          .ok());

  private static HostPort hooks(String release, int port) {
    return new HostPort(release + "-hooks." + GATEWAY + ".svc.cluster.local", port);
  }

  private static Optional<HookTls> tls(String release) {
    return Optional.of(new HookTls(
        SecretRef.parse(release + "-ca/" + GATEWAY),
        Optional.of(SecretRef.parse(release + "-hook-client/" + GATEWAY))));
  }

  @Test
  void envoyGatewayCallsItBeforeAndAfterTheReleaseInUse() {
    JsonNode data = rendered.object("ConfigMap", "pointsman-next-envoy-gateway").path("data");
    JsonNode ours = Rendered.parse(data.path("envoy-gateway.yaml").asString());
    assertThat(ours)
        .isEqualTo(Rendered.parse(GatewayConfig.extensionManagers(
            new HookSettings(
                hooks("pointsman", 5005),
                ByteSize.mebibytes(64),
                tls("pointsman"),
                true,
                Optional.empty()),
            new ShadowAddresses(
                hooks("pointsman-next", 5005),
                hooks("pointsman-next", 5006),
                tls("pointsman-next")))));

    JsonNode values =
        Rendered.parse(data.path("values.yaml").asString()).at("/config/envoyGateway");
    assertThat(values.path("extensionManagers")).isEqualTo(ours.path("extensionManagers"));
    assertThat(values.get("extensionManager").isNull())
        .as("Helm removes the single one")
        .isTrue();
  }

  @Test
  void itHasOneReplicaAndNothingTakesItForOneOfTheReleaseInUse() {
    JsonNode deployment = rendered.object("Deployment", "pointsman-next");
    assertThat(deployment.at("/spec/replicas").asInt()).isEqualTo(1);
    assertThat(
            deployment.at("/spec/selector/matchLabels/app.kubernetes.io~1name").asString())
        .isEqualTo("pointsman-shadow");
    assertThat(deployment.at("/spec/template/spec/containers/0/args"))
        .extracting(JsonNode::asString)
        .contains("--shadow", "--status=false", "--request-translation=false");
    assertThat(rendered.of("Pod")).as("helm test asks a replica in use").isEmpty();
  }

  @Test
  void itMayWriteNothing() {
    assertThat(rendered.of("ClusterRole")).hasSize(1);
    assertThat(rendered.of("Role")).isEmpty();
    assertThat(rendered.of("ClusterRole").toList().toString())
        .doesNotContain("update")
        .doesNotContain("create")
        .doesNotContain("delete");
  }
}
