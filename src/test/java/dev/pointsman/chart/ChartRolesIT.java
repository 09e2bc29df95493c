package dev.pointsman.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.rig.ControlPlane;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rights that the chart gives, in a real API server. */
class ChartRolesIT extends InstalledChart {
  private static KubernetesClient api;

  @BeforeAll
  static void connect() throws IOException {
    Path kubeconfig = plane.kubeconfig(ControlPlane.ADMIN);
    api = new KubernetesClientBuilder()
        .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
        .build();
  }

  @AfterAll
  static void disconnect() {
    api.close();
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
      for (String verb : List.of("list", "watch")) {
        assertThat(may(ours, verb, resource, namespace))
            .as(verb + " " + resource)
            .isTrue();
      }
      assertThat(may(ours, "update", resource, namespace))
          .as("update " + resource)
          .isFalse();
    }
    assertThat(may(ours, "update", "inferencepools.inference.networking.k8s.io/status", namespace))
        .isTrue();
    assertThat(may(ours, "patch", "inferencepools.inference.networking.k8s.io/status", namespace))
        .isFalse();
    assertThat(may(ours, "get", "pods", namespace)).isFalse();
    assertThat(may(ours, "update", "inferencepolicies.pointsman.dev/status", namespace))
        .isTrue();
    assertThat(may(ours, "create", "events.events.k8s.io", namespace)).isTrue();
    assertThat(may(ours, "get", "secrets", namespace)).isFalse();
    assertThat(may(ours, "create", "leases.coordination.k8s.io", GATEWAY)).isTrue();
    assertThat(may(ours, "update", "leases.coordination.k8s.io", GATEWAY))
        .as("update any Lease")
        .isFalse();
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
    return api.authorization()
        .v1()
        .subjectAccessReview()
        .create(new SubjectAccessReviewBuilder()
            .withNewSpec()
            .withUser("system:serviceaccount:" + GATEWAY + ":" + account)
            .withNewResourceAttributes()
            .withVerb(verb)
            .withResource(name[0])
            .withGroup(name.length > 1 ? name[1] : "")
            .withSubresource(parts.length > 1 ? parts[1] : "")
            .withNamespace(namespace)
            .endResourceAttributes()
            .endSpec()
            .build())
        .getStatus()
        .getAllowed();
  }
}
