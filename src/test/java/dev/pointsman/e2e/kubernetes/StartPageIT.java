package dev.pointsman.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.e2e.Client.Answer;
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
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
  void step7TheSecondModelIsServed(Cluster cluster) {
    String page = Commands.read(PAGE);
    Matcher file = Pattern.compile("(?s)as `second.yaml`.*?```yaml\n(.*?)```").matcher(page);
    assertThat(file.find()).isTrue();
    cluster.apply(
        NAMESPACE,
        file.group(1)
            .replace("namespace: default", "namespace: " + NAMESPACE)
            .replace("--pool-namespace=default", "--pool-namespace=" + NAMESPACE));
    Matcher patch = Pattern.compile("(?s)--type=json -p '(.*?)'").matcher(page);
    assertThat(patch.find()).isTrue();
    var _ = cluster.kubectl(
        "patch",
        "httproute",
        "inference-route",
        "-n",
        NAMESPACE,
        "--type=json",
        "-p",
        patch.group(1));
    gateway.awaitServed("deepseek", "deepseek-");
    gateway.awaitServed("qwen", "qwen-");
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
  void theCheckOfTheClusterNamesEachPartAndWhatIsMissing(Cluster cluster) {
    gateway.awaitServed("qwen", "qwen-");
    String pool = "InferencePool " + NAMESPACE + "/qwen-pool: ";
    assertThat(check(cluster))
        .contains("OK      the CustomResourceDefinitions are there")
        .contains("OK      Envoy Gateway's configuration has the hooks")
        .contains("OK      Envoy Gateway has called")
        .contains("OK      proxies ask for endpoints of pools")
        .containsPattern("OK +replica pointsman-\\S+ is ready")
        .contains("OK      " + pool + "2 of 2 pods ready, 1 ready endpoint of the endpoint picker");
    cluster.kubectl("scale", "-n", NAMESPACE, "deployment/qwen-picker", "--replicas=0");
    Awaitility.await("the picker is gone")
        .atMost(Duration.ofMinutes(3))
        .untilAsserted(() -> assertThat(check(cluster))
            .contains(
                "FAILED  " + pool + "2 of 2 pods ready, 0 ready endpoints of the endpoint picker;")
            .contains("(PM0003). Check the picker's pods"));
    cluster.kubectl("scale", "-n", NAMESPACE, "deployment/qwen-picker", "--replicas=1");
    cluster.awaitRollout(NAMESPACE, "deployment/qwen-picker");
    Awaitility.await("the picker is back")
        .untilAsserted(() -> assertThat(check(cluster)).contains("OK      " + pool));
  }

  private static String check(Cluster cluster) {
    Ran check =
        ours("check", "--kubernetes", "--kubeconfig", cluster.kubeconfig().toString());
    assertThat(check.code()).as(check.err()).isEqualTo(check.out().contains("FAILED ") ? 1 : 0);
    return check.out();
  }

  private record Ran(int code, String out, String err) {}

  private static Ran ours(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        dev.pointsman.cli.Commands.run(new PrintWriter(out), new PrintWriter(err), arguments);
    return new Ran(code, out.toString(), err.toString());
  }

  @Test
  void aRequestIsExplainedByTheReplicaThatKnows(Cluster cluster) {
    gateway.awaitServed("qwen", "qwen-");
    String kubeconfig = cluster.kubeconfig().toString();
    String name = NAMESPACE + "/inference-gateway";
    Ran explained = ours(
        "explain",
        "--kubernetes",
        "--kubeconfig",
        kubeconfig,
        "--gateway",
        name,
        "--model",
        "qwen");
    assertThat(explained.code()).as(explained.err()).isZero();
    assertThat(explained.out())
        .contains("100 % to InferencePool " + NAMESPACE + "/qwen-pool", "fails open")
        .containsPattern("proxy +envoy-gateway-system/envoy-first-inference-gateway-\\S+ uses this")
        .doesNotContain("uses another", "note");
    assertThat(ours("explain", "--kubernetes", "--kubeconfig", kubeconfig, "--gateway", "no/such")
            .err())
        .contains("there is no translation of Gateway no/such");
  }

  @Test
  void thePageIsReachedThroughAPortForward(Cluster cluster) throws Exception {
    assertThat(Commands.read(Path.of("src/site/markdown/page.md")))
        .contains("kubectl -n envoy-gateway-system port-forward deployment/pointsman 8080");
    ProcessBuilder forward = new ProcessBuilder(
        Commands.kubectl(),
        "--kubeconfig=" + cluster.kubeconfig(),
        "-n",
        Cluster.SYSTEM,
        "port-forward",
        "deployment/pointsman",
        ":8080");
    Process process = forward.redirectErrorStream(true).start();
    try (BufferedReader said = process.inputReader()) {
      Matcher port = Pattern.compile("127.0.0.1:(\\d+) ->").matcher(said.readLine());
      assertThat(port.find()).isTrue();
      URI page = URI.create("http://127.0.0.1:" + port.group(1) + "/");
      HttpResponse<String> answer;
      try (HttpClient client = HttpClient.newHttpClient()) {
        answer = client.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString());
      }
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).contains("<title>");
    } finally {
      process.destroy();
    }
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
