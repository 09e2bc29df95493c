package dev.pointsman.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.e2e.Client;
import dev.pointsman.e2e.Client.Answer;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The first hour of a new user, on a cluster of its own with nothing in it: the pages in their order, with their own files,
 * commands and expected outputs ({@link Guide}). Each test goes on where the one before has ended. By hand, with {@code
 * -Dfirst.hour}: it takes longer than all other tests of the documentation.
 */
@EnabledIfSystemProperty(named = "first.hour", matches = ".*")
@Tag("kubernetes")
@TestMethodOrder(OrderAnnotation.class)
class FirstHourIT {
  private static final Path STATE =
      Path.of("target", "first-hour-" + ProcessHandle.current().pid());

  /** Programs in place of images; there is no network inside of the cluster. */
  private static final List<String> IMAGES = List.of(
      "pull",
      "docker.io/envoyproxy/gateway:any",
      "docker.io/envoyproxy/envoy:any",
      "docker.io/prom/prometheus:any",
      "any/epp:any",
      "any/llm-d-inference-sim:any",
      "any/echo-basic:any",
      "pointsman:any");

  /** A plain route on the Gateway of the models, whose backend says what has reached it. */
  private static final Path PLAIN = Path.of("testdata/kubernetes/plain.yaml");

  @TempDir
  static Path folder;

  private static ProcessCluster cluster;
  private static UserShell shell;
  private static Guide user;

  @BeforeAll
  static void start() throws IOException {
    Commands.run(Map.of(), "", "hack/cluster.sh", IMAGES);
    cluster = ProcessCluster.empty(STATE, "etcd");
    SourceTree tree = SourceTree.linked(folder);
    shell = new UserShell(
        tree.folder(),
        Path.of("target", "first-hour.txt"),
        Map.of(
            "KUBECONFIG",
            cluster.kubeconfig().toString(),
            "PATH",
            tree.tools() + ":" + System.getenv("PATH")));
    user = new Guide(shell, tree.folder(), FirstHourIT::withoutGpu);
  }

  /** The simulator takes the place of vLLM, with the same arguments. */
  private static String withoutGpu(String file) {
    return file.replaceAll("vllm/vllm-openai:\\S+", "ghcr.io/llm-d/llm-d-inference-sim:any")
        .replaceAll(".*nvidia.com/gpu.*\n", "");
  }

  @AfterAll
  static void stop() {
    shell.close();
    cluster.close();
  }

  @Test
  @Order(1)
  void installAndTwoModels() {
    user.follow("start", "In a cluster");
  }

  @Test
  @Order(2)
  void canary() {
    user.follow("canary", "Two pools in a rule");
    user.follow("canary", "Promote");
  }

  @Test
  @Order(3)
  void mirror() {
    user.follow("mirror", "Copies of a fifth");
    user.type("test \"$(copies)\" -gt 0");
    user.follow("mirror", "End");
  }

  @Test
  @Order(4)
  void circuitBreaking() {
    user.follow("circuit-breaking", "A limit");
    user.follow("circuit-breaking", "Several policies");
  }

  @Test
  @Order(5)
  void podAndPickerOfOneRequest() {
    user.follow("which-pod", "For one request");
    user.follow("explain", "In a cluster");
    user.follow("which-pod", "For all requests: the access log");
  }

  @Test
  @Order(6)
  void mistakes() {
    user.follow("troubleshooting", "Mistakes on purpose");
    user.follow("troubleshooting", "A change of a route has no effect");
  }

  @Test
  @Order(7)
  void alertFiresAndEnds() {
    user.follow("alerts", "Without Prometheus");
    user.follow("alerts", "With any Prometheus");
    user.follow("alerts", "See one fire");
  }

  @Test
  @Order(8)
  void keysAndTls() {
    // Not before: it is a route more in the explanations of the pages.
    cluster.apply("default", Commands.read(PLAIN));
    cluster.awaitRollout("default", "deployment/echo");
    awaitPlain();
    user.follow("security", "Keys for clients");
    user.follow("security", "TLS for clients");
    awaitPlain();
    keyStaysInTheGateway();
    cluster.kubectl("delete", "securitypolicy", "team-keys");
    gateway().awaitStatus("qwen", 200);
  }

  /** New certificates are no matter of requests. */
  @Test
  @Order(9)
  void certificatesAndRights() {
    try (Load users = Load.on(gateway(), "qwen", 20)) {
      user.follow("security", "Certificates");
      users.stopWithoutFailure("new certificates");
    }
    user.follow("security", "Rights");
  }

  @Test
  @Order(10)
  void poolsOfYourOwn() {
    user.follow("pools", "The model server");
    user.follow("pools", "The pool and its picker");
    user.follow("pools", "The rule");
  }

  /** A rule to a backend that says which headers it got; all rules of a route have the same filters. */
  private void keyStaysInTheGateway() {
    cluster.kubectl(
        "patch",
        "httproute",
        "inference-route",
        "--type=json",
        "-p",
        "[{\"op\": \"add\", \"path\": \"/spec/rules/-\", \"value\": {\"matches\": [{\"headers\":"
            + " [{\"name\": \"X-Gateway-Model-Name\", \"value\": \"echo\"}]}],"
            + " \"backendRefs\": [{\"name\": \"echo\", \"port\": 8080}]}}]");
    String key = user.type("echo \"$key\"").strip();
    AtomicReference<Answer> answer = new AtomicReference<>();
    await("the echo to answer").atMost(Duration.ofSeconds(30)).until(() -> {
      answer.set(gateway()
          .send(Client.json(gateway().url(Client.CHAT))
              .header("authorization", "Bearer " + key)
              .header("x-team", "team-b")
              .POST(BodyPublishers.ofString(Client.body("echo")))));
      return answer.get().status() == 200;
    });
    assertThat(answer.get().json().at("/headers/X-Team").toString()).isEqualTo("[\"team-a\"]");
    assertThat(answer.get().toString()).doesNotContain(key).doesNotContainIgnoringCase("bearer");
  }

  /** The new version is the same program with another number; requests go on all the time. */
  @Test
  @Order(11)
  void upgradeAndBack() throws IOException {
    try (Load users = Load.on(gateway(), "qwen", 20)) {
      user.follow("upgrade", "Change a value");
      users.stopWithoutFailure("a changed value");
    }
    SourceTree.linked(folder).chartOfVersion("0.2.0");
    try (Load users = Load.on(gateway(), "qwen", 20)) {
      user.follow("upgrade", "2. Upgrade");
      user.follow("upgrade", "3. Roll back");
      users.stopWithoutFailure("an upgrade and a rollback");
    }
  }

  @Test
  @Order(12)
  void uninstall() {
    user.follow("install", "Uninstall");
    awaitPlain();
    assertThat(cluster.kubectl(
            "get", "gateways,httproutes,gatewayclasses,inferencepools", "-A", "-o", "yaml"))
        .contains("kind: InferencePool", "kind: Gateway")
        .doesNotContain("pointsman");
    cluster.kubectl("delete", "httproute", "plain"); // Envoy Gateway still follows changes
    await("the plain route to be gone").atMost(Duration.ofSeconds(30)).until(() -> plain() == 404);
    user.follow("install", "The objects of the first hour");
    assertThat(cluster.kubectl("get", "gateways,inferencepools,deployments", "-o", "name"))
        .isEqualToIgnoringWhitespace("deployment.apps/echo");
  }

  private static Gateway gateway() {
    return Gateway.await(cluster, "default", "inference-gateway");
  }

  private static void awaitPlain() {
    await("the plain route").atMost(Duration.ofSeconds(60)).until(() -> plain() == 200);
  }

  private static int plain() {
    return gateway().send(Client.json(gateway().url("/plain")).GET()).status();
  }
}
