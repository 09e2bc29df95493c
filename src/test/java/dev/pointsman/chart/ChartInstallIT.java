package dev.pointsman.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The chart's objects in a real API server. */
class ChartInstallIT extends InstalledChart {
  static Stream<Path> cases() throws IOException {
    return ChartIT.cases();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyObjectPassesStrictValidation(Path values) throws IOException {
    Path manifest = folder.resolve(values.getFileName() + ".yaml");
    Rendered rendered = new Rendered(Helm.template(
            "pointsman",
            GATEWAY,
            List.of("--values", values.resolve("values.yaml").toString()))
        .ok());
    List<String> ours = rendered.objects().stream()
        .filter(object -> !OF_OTHERS.contains(object.path("kind").asString()))
        .map(JsonNode::toString)
        .toList();
    Files.writeString(manifest, String.join("\n---\n", ours));
    String said = kubectl(
        "apply",
        "--server-side",
        "--dry-run=server",
        "--validate=strict",
        "-f",
        manifest.toString());
    assertThat(said.lines()).hasSameSizeAs(ours);
  }

  @Test
  void upgradesKeepTheCertificatesAndNotesTellEnvoyGatewaysPart() {
    String notes =
        helm.run("install", "kept", Helm.CHART, "--namespace", GATEWAY).ok();
    assertThat(notes)
        .contains("get configmap kept-pointsman-envoy-gateway")
        .contains("WARNING: namespace envoy-gateway-system has no ConfigMap envoy-gateway-config")
        .contains("WARNING: the cluster does not serve gateway.networking.k8s.io/v1/HTTPRoute")
        .doesNotContain("pointsman.dev/v1alpha1/InferencePolicy. Envoy Gateway");
    List<String> before = certificates("kept-pointsman");
    String config = valuesForEnvoyGateway("kept-pointsman");
    assertThat(config)
        .contains(
            "hostname: kept-pointsman-hooks.envoy-gateway-system.svc.cluster.local, port: 5005");

    helm.run("upgrade", "kept", Helm.CHART, "--namespace", GATEWAY, "--set", "replicas=3")
        .ok();
    assertThat(certificates("kept-pointsman")).isEqualTo(before);
    assertThat(valuesForEnvoyGateway("kept-pointsman")).isEqualTo(config);
    assertThat(kubectl(
            "-n",
            GATEWAY,
            "get",
            "deployment",
            "kept-pointsman",
            "-o",
            "jsonpath={.spec.replicas}"))
        .isEqualTo("3");

    for (String secret : List.of("tls", "ca", "hook-client")) {
      kubectl("-n", GATEWAY, "delete", "secret", "kept-pointsman-" + secret);
    }
    helm.run("upgrade", "kept", Helm.CHART, "--namespace", GATEWAY).ok();
    assertThat(certificates("kept-pointsman")).doesNotContainAnyElementsOf(before);
    helm.run("uninstall", "kept", "--namespace", GATEWAY).ok();
  }

  /** Installed with the default first, in a cluster that has another domain. */
  @Test
  void aCorrectedDomainOfTheClusterGetsCertificatesOfItsOwn() throws Exception {
    String[] there = {"moved", Helm.CHART, "--namespace", GATEWAY};
    helm.run(with(there, "install")).ok();
    List<String> before = certificates("moved-pointsman");

    String[] corrected = with(there, "upgrade", "--set", "clusterDomain=corp.local");
    helm.run(corrected).ok();
    List<String> after = certificates("moved-pointsman");
    assertThat(after).doesNotContainAnyElementsOf(before);
    for (String service : List.of("moved-pointsman", "moved-pointsman-hooks")) {
      assertThat(ChartTlsIT.certificate(after.getFirst()).getSubjectAlternativeNames())
          .extracting(name -> String.valueOf(name.getLast()))
          .contains(service + "." + GATEWAY + ".svc.corp.local");
    }

    helm.run(corrected).ok();
    assertThat(certificates("moved-pointsman")).isEqualTo(after);
    helm.run("uninstall", "moved", "--namespace", GATEWAY).ok();
  }

  @Test
  void envoyGatewayIsToldBeforeTheAuthorityIsThere() {
    String[] values = {
      "--namespace",
      GATEWAY,
      "--set",
      "tls.mode=existingSecret,tls.existingSecret.name=mine",
      "--set",
      "tls.existingSecret.caSecret.name=mine-ca"
    };
    helm.run(with(values, "install", "later", Helm.CHART)).ok();
    assertThat(valuesForEnvoyGateway("later-pointsman"))
        .contains("extensionManager:")
        .contains("certificateRef: {name: mine-ca, namespace: " + GATEWAY + "}")
        .doesNotContain("clientCertificateRef")
        .doesNotContain("envoyProxy:");
    helm.run("uninstall", "later", "--namespace", GATEWAY).ok();
  }

  /** With Envoy Gateway's own chart; its hooks need a node. */
  @Test
  void notesSayFirstWhatEnvoyGatewayLacksAndItLearnsAndForgets() throws IOException {
    String unaware = "WARNING: Envoy Gateway does not know this release yet: run command 1.";
    String chart = run(List.of("hack/envoy-gateway-chart.sh")).strip();
    String[] there = {"--namespace", GATEWAY};
    String[] gateway = {"eg", chart, "--namespace", GATEWAY, "--no-hooks", "--skip-crds"};
    helm.run(with(gateway, "install")).ok();
    assertThat(helm.run(with(there, "install", "told", Helm.CHART)).ok())
        .contains(unaware)
        .matches(notes -> notes.indexOf(unaware) < notes.indexOf("1. Tell Envoy Gateway"));

    Path values =
        Files.writeString(folder.resolve("eg.yaml"), valuesForEnvoyGateway("told-pointsman"));
    helm.run(with(gateway, "upgrade", "--reset-then-reuse-values", "--values", values.toString()))
        .ok();
    assertThat(helm.run(with(there, "upgrade", "told", Helm.CHART)).ok()).doesNotContain(unaware);

    String[] forget = {
      "--reset-then-reuse-values", "--set", "config.envoyGateway.extensionManager=null"
    };
    assertThat(Files.readString(Path.of("src/site/markdown/install.md")))
        .contains(String.join(" ", forget));
    helm.run(with(forget, with(gateway, "upgrade"))).ok();
    assertThat(kubectl("-n", GATEWAY, "get", "configmap", "envoy-gateway-config", "-o", "yaml"))
        .contains("controllerName")
        .doesNotContain("backendResources");
    helm.run(with(there, "uninstall", "told")).ok();
    helm.run(with(there, "uninstall", "eg", "--no-hooks")).ok();
  }

  private static List<String> certificates(String name) {
    return Stream.of("tls", "ca", "hook-client")
        .map(secret -> kubectl(
            "-n",
            GATEWAY,
            "get",
            "secret",
            name + "-" + secret,
            "-o",
            "jsonpath={.data.tls\\.crt}"))
        .toList();
  }

  private static String valuesForEnvoyGateway(String name) {
    return kubectl(
        "-n",
        GATEWAY,
        "get",
        "configmap",
        name + "-envoy-gateway",
        "-o",
        "jsonpath={.data.values\\.yaml}");
  }
}
