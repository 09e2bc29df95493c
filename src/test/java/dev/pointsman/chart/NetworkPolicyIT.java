package dev.pointsman.chart;

import static dev.pointsman.chart.ChartIT.GATEWAY;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The connections that the chart's NetworkPolicy permits. */
class NetworkPolicyIT {
  private static Rendered render(String... values) {
    return new Rendered(Helm.template(
            "pointsman",
            GATEWAY,
            List.of("--set", "networkPolicy.enabled=true", "--set", String.join(",", values)))
        .ok());
  }

  private static List<String> egressPorts(Rendered rendered) {
    return rendered
        .object("NetworkPolicy", "pointsman")
        .at("/spec/egress")
        .valueStream()
        .flatMap(rule -> rule.path("ports").valueStream())
        .map(port -> port.path("port").asString())
        .distinct()
        .toList();
  }

  /** MicroK8s' API server listens on 16443, an OpenTelemetry collector on 4317. */
  @Test
  void furtherEgressIsPermittedBesideTheUsualOne() {
    assertThat(egressPorts(render("replicas=2"))).containsExactly("53", "443", "6443");
    assertThat(egressPorts(render(
            "networkPolicy.egress[0].ports[0].port=16443",
            "networkPolicy.egress[1].ports[0].port=4317")))
        .containsExactly("53", "443", "6443", "16443", "4317");
  }

  /** helm test asks the replicas' admin port. */
  @Test
  void theTestsPodIsPermittedWhereOnlySomeMayReadMetrics() {
    Rendered rendered = render(
        "networkPolicy.metrics[0].namespaceSelector.matchLabels.kubernetes\\.io/metadata\\.name=monitoring");
    JsonNode labels = rendered.object("Pod", "pointsman-test").at("/metadata/labels");
    List<JsonNode> permitted = rendered
        .object("NetworkPolicy", "pointsman")
        .at("/spec/ingress")
        .valueStream()
        .filter(rule -> rule.at("/ports/0/port").asString().equals("admin"))
        .flatMap(rule -> rule.path("from").valueStream())
        .toList();
    assertThat(permitted).hasSize(2);
    assertThat(permitted)
        .as("a peer without a namespaceSelector is in the release's namespace")
        .filteredOn(peer -> !peer.has("namespaceSelector"))
        .singleElement()
        .satisfies(peer -> assertThat(peer.at("/podSelector/matchLabels")).isEqualTo(labels));
  }
}
