package dev.pointsman.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.rig.ControlPlane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The chart against a real API server: strict validation, an installation, an upgrade, and what our RBAC allows. */
class ChartInstallIT {
  private static final String GATEWAY = "envoy-gateway-system";

  /** Kinds of operators whose definitions are not there. */
  private static final Set<String> OF_OTHERS = Set.of("Certificate", "Issuer", "ServiceMonitor");

  @TempDir
  private static Path folder;

  private static ControlPlane plane;
  private static Path kubectl;
  private static Helm helm;

  @BeforeAll
  static void start() throws Exception {
    plane = ControlPlane.start(folder);
    helm = new Helm(Map.of("KUBECONFIG", plane.kubeconfig(ControlPlane.ADMIN).toString()));
    kubectl = Path.of(run(List.of("hack/kubernetes.sh")).strip()).resolve("kubectl");
    for (String namespace : List.of(GATEWAY, "gateways", "team-a", "team-b", "models")) {
      kubectl("create", "namespace", namespace);
    }
  }

  @AfterAll
  static void stop() {
    plane.close();
  }

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
        .contains(
            "hostname: kept-pointsman-hooks.envoy-gateway-system.svc.cluster.local, port: 5005")
        .contains("WARNING: the cluster does not serve gateway.networking.k8s.io/v1/HTTPRoute")
        .doesNotContain("pointsman.dev/v1alpha1/InferencePolicy. Envoy Gateway");
    List<String> before = certificates("kept-pointsman");
    String config = valuesForEnvoyGateway("kept-pointsman");

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
    assertThat(helm.run(with(values, "install", "later", Helm.CHART)).ok())
        .contains("extensionManager:")
        .contains("certificateRef: {name: mine-ca, namespace: " + GATEWAY + "}")
        .doesNotContain("clientCertificateRef")
        .doesNotContain("envoyProxy:");
    helm.run("uninstall", "later", "--namespace", GATEWAY).ok();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "team-a"})
  void rolesAllowWhatIsNeededAndNoMore(String namespace) {
    String release = namespace.isEmpty() ? "all" : "some";
    List<String> install =
        new ArrayList<>(List.of("install", release, Helm.CHART, "--namespace", GATEWAY));
    if (!namespace.isEmpty()) {
      install.addAll(List.of("--set", "namespaces={" + namespace + "}"));
      install.addAll(List.of("--set", "envoyGateway.namespaces={" + namespace + "}"));
    }
    helm.run(install.toArray(String[]::new)).ok();
    String ours = release + "-pointsman";
    for (String resource : List.of(
        "inferencepools.inference.networking.k8s.io",
        "inferencepools.inference.networking.x-k8s.io",
        "inferencemodels.inference.networking.x-k8s.io",
        "inferencepolicies.pointsman.dev",
        "httproutes.gateway.networking.k8s.io",
        "gateways.gateway.networking.k8s.io",
        "referencegrants.gateway.networking.k8s.io",
        "services",
        "pods",
        "configmaps",
        "endpointslices.discovery.k8s.io")) {
      for (String verb : List.of("get", "list", "watch")) {
        assertThat(may(ours, verb, resource, namespace))
            .as(verb + " " + resource)
            .isTrue();
      }
      assertThat(may(ours, "update", resource, namespace))
          .as("update " + resource)
          .isFalse();
    }
    assertThat(may(ours, "patch", "inferencepools.inference.networking.k8s.io/status", namespace))
        .isTrue();
    assertThat(may(ours, "update", "inferencepolicies.pointsman.dev/status", namespace))
        .isTrue();
    assertThat(may(ours, "create", "events.events.k8s.io", namespace)).isTrue();
    assertThat(may(ours, "get", "secrets", namespace)).isFalse();
    assertThat(may(ours, "update", "leases.coordination.k8s.io", GATEWAY)).isTrue();
    assertThat(may(ours, "get", "leases.coordination.k8s.io", "models")).isFalse();
    assertThat(may(ours, "list", "pods", "team-b")).isEqualTo(namespace.isEmpty());

    assertThat(
            may("envoy-gateway", "watch", "inferencepools.inference.networking.k8s.io", namespace))
        .isTrue();
    assertThat(may("envoy-gateway", "update", "inferencepolicies.pointsman.dev/status", namespace))
        .isTrue();
    assertThat(may("envoy-gateway", "update", "inferencepolicies.pointsman.dev", namespace))
        .isFalse();
    helm.run("uninstall", release, "--namespace", GATEWAY).ok();
  }

  /**
   * Whether the API server would let a ServiceAccount do it.
   *
   * @param resource with its group, and perhaps a subresource: {@code pools.example.com/status}
   * @param namespace empty: all of them
   */
  private static boolean may(String account, String verb, String resource, String namespace) {
    String[] parts = resource.split("/");
    String[] name = parts[0].split("\\.", 2);
    String review = """
        apiVersion: authorization.k8s.io/v1
        kind: SubjectAccessReview
        spec:
          user: "system:serviceaccount:%s:%s"
          resourceAttributes: {verb: %s, resource: %s, group: "%s", subresource: "%s", namespace: "%s"}
        """.formatted(
            GATEWAY,
            account,
            verb,
            name[0],
            name.length > 1 ? name[1] : "",
            parts.length > 1 ? parts[1] : "",
            namespace);
    try {
      Path file = Files.writeString(Files.createTempFile(folder, "review", ".yaml"), review);
      return kubectl("create", "-f", file.toString(), "-o", "jsonpath={.status.allowed}")
          .equals("true");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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

  private static String[] with(String[] last, String... first) {
    return Stream.concat(Stream.of(first), Stream.of(last)).toArray(String[]::new);
  }

  private static String kubectl(String... arguments) {
    List<String> command = new ArrayList<>(List.of(kubectl.toString()));
    command.addAll(List.of(arguments));
    return run(command);
  }

  private static String run(List<String> command) {
    Helm.Said said = process(command);
    if (said.code() != 0) {
      throw new AssertionError(String.join(" ", command) + ":\n" + said.out() + said.err());
    }
    return said.out();
  }

  private static Helm.Said process(List<String> command) {
    try {
      Path err = Files.createTempFile(folder, "kubectl", ".err");
      ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
      builder.environment().put("KUBECONFIG", folder.resolve("admin.kubeconfig").toString());
      Process process = builder.start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Helm.Said(process.waitFor(), out, Files.readString(err));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
