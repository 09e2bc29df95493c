package dev.pointsman.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The notes that Helm prints after an installation, with a real API server. */
class ChartNotesIT extends InstalledChart {
  private static final String OWN = "tls.mode=existingSecret,tls.existingSecret.name=own,"
      + "tls.existingSecret.caSecret.name=own-ca";

  /** The notes of an installation that is not carried out. */
  private static String notes(String... values) {
    List<String> set = List.of(values);
    String[] install = {
      "install",
      "pointsman",
      Helm.CHART,
      "--namespace",
      GATEWAY,
      "--dry-run=server",
      "--set",
      String.join(",", set.isEmpty() ? List.of("replicas=2") : set)
    };
    String said = helm.run(install).ok();
    return said.substring(said.indexOf("NOTES:"));
  }

  /** Envoy Gateway's own release may have any version: its commands change its configuration alone. */
  @Test
  void commandsAreForTheReleaseOfEnvoyGatewayThatRuns() throws IOException {
    String command = "helm upgrade %s oci://docker.io/envoyproxy/gateway-helm --version %s ";
    assertThat(notes())
        .contains(command.formatted("eg", "VERSION"))
        .contains("VERSION is that of Envoy Gateway's chart")
        .doesNotContainPattern("--version v[0-9]");

    Path running = Files.writeString(folder.resolve("running.yaml"), """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: envoy-gateway
          namespace: %s
          labels: {helm.sh/chart: gateway-helm-v1.8.4, app.kubernetes.io/instance: gateways}
        spec:
          selector: {matchLabels: {control-plane: envoy-gateway}}
          template:
            metadata: {labels: {control-plane: envoy-gateway}}
            spec: {containers: [{name: envoy-gateway, image: envoyproxy/gateway}]}
        """.formatted(GATEWAY));
    kubectl("apply", "-f", running.toString());
    String found = command.formatted("gateways", "v1.8.4") + "-n " + GATEWAY;
    assertThat(notes())
        .contains("Envoy Gateway (release \"gateways\" of its own chart)")
        .contains(found + " --reset-then-reuse-values -f -")
        .contains(found + " --reset-then-reuse-values --set")
        .doesNotContain("VERSION");
    kubectl("delete", "-f", running.toString());
  }

  /** A team with rights in its own namespace alone, where all of the release is. */
  @Test
  void withoutLookUpsNoRightElsewhereIsNeeded() {
    String[] team = {"--namespace", "team-a", "--kube-as-user", "team", "--skip-crds"};
    kubectl(
        "create",
        "rolebinding",
        "team",
        "--clusterrole=cluster-admin",
        "--user=team",
        team[0],
        team[1]);
    String own = "namespaces={team-a},envoyGateway.rbac=false," + OWN;
    assertThat(helm.run(with(team, "install", "own", Helm.CHART, "--set", own)).err())
        .contains("namespaces \"" + GATEWAY + "\" is forbidden");
    String notes = helm.run(
            with(team, "install", "own", Helm.CHART, "--set", own + ",notes.lookup=false"))
        .ok();
    assertThat(notes).contains("1. Tell Envoy Gateway").doesNotContain("there is no namespace");
    helm.run("uninstall", "own", "--namespace", "team-a").ok();
  }

  /** Replicas would lose their watches, and stay ready. */
  @Test
  void anApiServerThatTheNetworkPolicyShutsOffIsNamed() throws IOException {
    Path microk8s = Files.writeString(folder.resolve("microk8s.yaml"), """
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: kubernetes, namespace: default}
        addressType: IPv4
        ports: [{name: https, port: 16443}]
        endpoints: [{addresses: [10.0.0.1]}]
        """);
    kubectl("apply", "-f", microk8s.toString());
    String shutOff =
        "WARNING: the API server listens on port 16443, which the NetworkPolicy shuts off";
    String permitted = "networkPolicy.egress[0].ports[0].port=16443";
    assertThat(notes()).doesNotContain(shutOff);
    assertThat(notes("networkPolicy.enabled=true")).contains(shutOff).contains(permitted);
    assertThat(notes("networkPolicy.enabled=true", permitted)).doesNotContain(shutOff);
    kubectl("delete", "-f", microk8s.toString());
  }

  @Test
  void aPortThatAsksForNoCertificateIsNamed() {
    String hooks = "every client that reaches port 5005 can call the hooks";
    String endpoints = "every client that reaches port 18010 can read endpoints";
    assertThat(notes()).doesNotContain(hooks).doesNotContain(endpoints);
    assertThat(notes(OWN)).contains(hooks).doesNotContain(endpoints);
    assertThat(notes(OWN, "tls.proxyCA.verify=false")).contains(hooks).contains(endpoints);
    assertThat(notes(OWN, "tls.existingSecret.clientSecret.name=own-client")).doesNotContain(hooks);
  }
}
