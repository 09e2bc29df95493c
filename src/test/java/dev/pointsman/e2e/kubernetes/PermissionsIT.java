package dev.pointsman.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Pointsman runs as the ServiceAccount of its chart, may do what it needs, and nothing else. */
@OnKubernetes
class PermissionsIT {
  private static final String ACCOUNT = "system:serviceaccount:" + Cluster.SYSTEM + ":pointsman";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "get secrets",
        "list secrets",
        "create pods",
        "delete pods",
        "patch inferencepools.inference.networking.k8s.io/status",
        "list leases.coordination.k8s.io",
        "update httproutes.gateway.networking.k8s.io",
        "update inferencepools.inference.networking.k8s.io",
        "create inferencepolicies.pointsman.dev",
        "update inferencepolicies.pointsman.dev",
        "delete inferencepolicies.pointsman.dev",
        "create clusterroles.rbac.authorization.k8s.io",
        "get nodes",
        "create pods/exec"
      })
  void mayNot(String what, Cluster cluster) {
    assertThat(isAllowed(cluster, what)).as(what).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "watch pods", "watch inferencepools.inference.networking.k8s.io",
        "update inferencepools.inference.networking.k8s.io/status", "create events.events.k8s.io"
      })
  void may(String what, Cluster cluster) {
    assertThat(isAllowed(cluster, what)).as(what).isTrue();
  }

  private static boolean isAllowed(Cluster cluster, String what) {
    String[] verbAndResource = what.split(" ");
    String[] names = verbAndResource[1].split("/");
    List<String> subresource = names.length > 1 ? List.of("--subresource=" + names[1]) : List.of();
    String[] arguments = Stream.concat(
            List.of(
                "auth",
                "can-i",
                verbAndResource[0],
                names[0],
                "-n",
                "default",
                "--as=" + ACCOUNT,
                "-q")
                .stream(),
            subresource.stream())
        .toArray(String[]::new);
    try {
      cluster.kubectl(arguments);
      return true;
    } catch (AssertionError refused) {
      assertThat(refused).hasMessageContaining("ended with code 1:");
      return false;
    }
  }

  @Test
  void runsAsThatAccountAndIsNeverRefused(Cluster cluster) {
    List<String> pods = cluster.pods(Cluster.SYSTEM, "app.kubernetes.io/name=pointsman");
    assertThat(pods).hasSize(2);
    for (String pod : pods) {
      assertThat(cluster
              .get("/api/v1/namespaces/" + Cluster.SYSTEM + "/pods/" + pod)
              .at("/spec/serviceAccountName")
              .asString())
          .isEqualTo("pointsman");
      List<String> log = cluster.log(Cluster.SYSTEM, pod).lines().toList();
      assertThat(log).anySatisfy(line -> assertThat(line).contains("ready"));
      assertThat(log)
          .noneSatisfy(
              line -> assertThat(line).containsPattern("(?i)forbidden|\\(403\\)|answered 403"));
    }
  }

  /** Envoy Gateway sends nothing of Secrets to Pointsman. */
  @Test
  void privateKeysStayWithEnvoyGateway(Cluster cluster) {
    String configuration = cluster.kubectl(
        "get",
        "configmap",
        "envoy-gateway-config",
        "-n",
        Cluster.SYSTEM,
        "-o",
        "jsonpath={.data.envoy-gateway\\.yaml}");
    JsonNode translation = YAMLMapper.shared()
        .readTree(configuration)
        .at("/extensionManager/hooks/xdsTranslator/translation");
    assertThat(translation.at("/secret/includeAll"))
        .as(translation.toString())
        .isEqualTo(BooleanNode.FALSE);
  }
}
