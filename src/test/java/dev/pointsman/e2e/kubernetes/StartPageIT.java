package dev.pointsman.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.e2e.Client.Answer;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Steps 3 to 6 of the page "Start in five minutes", with its own file and its checks. The cluster replaces the image of the
 * model server; the endpoint picker is the Inference Extension's. The namespace is another one, because other tests use
 * {@code default}.
 */
@OnKubernetes
class StartPageIT {
  private static final String NAMESPACE = "first";
  private static final Path PAGE = Path.of("src/site/markdown/start.md");
  private static Gateway gateway;

  @BeforeAll
  static void step5(Cluster cluster) {
    Matcher file = Pattern.compile("(?s)```yaml\n(.*?)```").matcher(Commands.read(PAGE));
    assertThat(file.find()).isTrue();
    cluster.namespaces(NAMESPACE);
    cluster.apply(
        NAMESPACE,
        file.group(1)
            .replace("namespace: default", "namespace: " + NAMESPACE)
            .replace("--pool-namespace=default", "--pool-namespace=" + NAMESPACE));
    for (String workload : List.of("qwen", "qwen-picker")) {
      cluster.awaitRollout(NAMESPACE, "deployment/" + workload);
    }
    gateway = Gateway.await(cluster, NAMESPACE, "inference-gateway");
  }

  @AfterAll
  static void remove(Cluster cluster) {
    cluster.deleteNamespaces(NAMESPACE);
  }

  @Test
  void aRequestIsServedAndAnotherModelIsUnknown() {
    gateway.awaitServed("qwen", "qwen-");
    Answer unknown = gateway.chat("gpt-unknown");
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.error()).isEqualTo("model_not_found");
  }

  @Test
  void thePoolIsReady(Cluster cluster) {
    Awaitility.await("the pool's conditions")
        .untilAsserted(() -> assertThat(cluster.kubectl(
                "get",
                "inferencepool.inference.networking.k8s.io",
                "qwen-pool",
                "-n",
                NAMESPACE,
                "-o",
                "jsonpath={range .status.parents[*].conditions[*]}{.type}={.status} {end}"))
            .contains("Accepted=True", "ResolvedRefs=True", "Ready=True"));
  }

  @Test
  void helmTestSucceedsAndSaysWhatItSaw(Cluster cluster) {
    gateway.awaitServed("qwen", "qwen-");
    assertThat(cluster.helm("test", "pointsman", "-n", Cluster.SYSTEM, "--timeout", "3m"))
        .containsPattern("Phase: +Succeeded");
    assertThat(cluster.log(Cluster.SYSTEM, "pointsman-test"))
        .contains("Envoy Gateway has called", "proxies ask for endpoints of pools")
        .doesNotContain("FAILED");
  }
}
