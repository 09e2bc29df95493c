package dev.pointsman.isolation;

import static dev.pointsman.isolation.OwnAnswers.CHAT;
import static dev.pointsman.isolation.OwnAnswers.JSON;
import static dev.pointsman.isolation.OwnAnswers.MODELS;
import static dev.pointsman.isolation.OwnAnswers.SOON;
import static dev.pointsman.isolation.OwnAnswers.assertError;
import static dev.pointsman.isolation.OwnAnswers.bootstrap;
import static dev.pointsman.isolation.OwnAnswers.post;
import static dev.pointsman.isolation.OwnAnswers.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.config.HostPort;
import dev.pointsman.e2e.Client;
import dev.pointsman.rig.Authority;
import dev.pointsman.rig.RealEnvoy;
import dev.pointsman.rig.TestedEnvoys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The gateway's own responses for a pool that cannot serve. */
@Tag("envoy")
class PoolAnswersEnvoyTest {
  private static final Path REFUSED = Path.of("testdata", "translate", "auth-basic-on-one-model");

  static Stream<String> versions() {
    return TestedEnvoys.versions();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void aPoolThatCannotServeIsSaid(String version, @TempDir Path folder) throws Exception {
    Network network = new Network();
    Authority.Issued certificate = Authority.selfSigned();
    try (ScriptedPicker picker = new ScriptedPicker(
            network.at(21, 9002), certificate, () -> network.at(11, 8000).toString());
        RealEnvoy envoy = RealEnvoy.start(
            version, bootstrap(network, MODELS, folder, network.picker("qwen-ext-proc", 21)))) {
      int port = envoy.listenerPort("default/inference-gateway/llm-gw");
      String question = "{\"model\":\"qwen\"}";
      await("the picker to be asked")
          .atMost(SOON)
          .ignoreExceptionsInstanceOf(UncheckedIOException.class) // the listener starts last
          .untilAsserted(() -> assertError(post(port, question, JSON), 503, "no_endpoints", ""));
      byte[] large = Client.body("qwen", 5_000_000);
      assertError(send(port, "POST", CHAT, large, JSON), 503, "no_endpoints", "");
      picker.close();
      await("the picker to be missed")
          .atMost(SOON)
          .untilAsserted(() -> assertEmpty503(post(port, question, JSON)));
      assertEmpty503(send(port, "POST", CHAT, large, JSON));
    }
  }

  /** A tenant's processor may change its status to one without a body. */
  private static void assertEmpty503(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
    assertThat(answer.body()).isEmpty();
  }

  /** A rule that cannot be protected is not served; its picker, which is dead, is not asked. */
  @ParameterizedTest
  @MethodSource("versions")
  void aRefusedRuleAsksNoPicker(String version, @TempDir Path folder) throws Exception {
    Network network = new Network();
    try (RealEnvoy envoy = RealEnvoy.start(
        version, bootstrap(network, REFUSED, folder, network.picker("qwen-ext-proc", 21)))) {
      int port = envoy.listenerPort("default/inference-gateway/llm-gw");
      await("the listener")
          .atMost(SOON)
          .ignoreExceptionsInstanceOf(UncheckedIOException.class)
          .untilAsserted(() ->
              assertError(post(port, "{\"model\":\"qwen\"}", JSON), 500, "invalid_backend", ""));
    }
  }

  /** A port where nothing listens, and then a server that hangs up: the reasons are not the same. */
  @ParameterizedTest
  @MethodSource("versions")
  void aRefusedConnectionIsToldFromOneThatIsCut(String version, @TempDir Path folder)
      throws Exception {
    Network network = new Network();
    HostPort address = network.at(11, 8000);
    Authority.Issued certificate = Authority.selfSigned();
    try (ScriptedPicker _ =
            new ScriptedPicker(network.at(21, 9002), certificate, address::toString);
        RealEnvoy envoy = RealEnvoy.start(version, ofQwen(network, folder))) {
      int port = envoy.listenerPort("default/inference-gateway/llm-gw");
      await("the refused connection")
          .atMost(SOON)
          .ignoreExceptionsInstanceOf(UncheckedIOException.class)
          .untilAsserted(() -> assertThat(unavailable(port, small())).contains("listens"));
      byte[] large = Client.body("qwen", 5_000_000);
      assertThat(unavailable(port, large)).contains("listens");
      try (ServerSocket server =
          new ServerSocket(address.port(), 50, InetAddress.getByName(address.host()))) {
        Thread _ = Thread.ofVirtual().start(() -> {
          while (true) {
            try (Socket client = server.accept()) {
              int _ = client.getInputStream().read();
            } catch (IOException closed) {
              return;
            }
          }
        });
        await("the cut connection")
            .atMost(SOON)
            .untilAsserted(() -> assertThat(unavailable(port, small()))
                .contains("closed the connection")
                .doesNotContain("listens"));
      }
    }
  }

  /** The models' bootstrap with a pod and a picker of qwen. */
  private static String ofQwen(Network network, Path folder) throws IOException {
    return bootstrap(
        network, MODELS, folder, network.pod("qwen", 11), network.picker("qwen-ext-proc", 21));
  }

  private static byte[] small() {
    return "{\"model\":\"qwen\"}".getBytes(StandardCharsets.UTF_8);
  }

  private static String unavailable(int port, byte[] body) {
    HttpResponse<String> answer = send(port, "POST", CHAT, body, JSON);
    assertError(answer, 503, "upstream_unavailable", "");
    return answer.body();
  }

  /** A pod that takes connections and never responds. */
  @ParameterizedTest
  @MethodSource("versions")
  void aTimeoutIsToldForBodiesOfAllSizes(String version, @TempDir Path folder) throws Exception {
    Network network = new Network();
    HostPort address = network.at(11, 8000);
    Authority.Issued certificate = Authority.selfSigned();
    try (ServerSocket _ =
            new ServerSocket(address.port(), 50, InetAddress.getByName(address.host()));
        ScriptedPicker _ =
            new ScriptedPicker(network.at(21, 9002), certificate, address::toString);
        RealEnvoy envoy = RealEnvoy.start(
            version, ofQwen(network, folder).replace("timeout: 86400s", "timeout: 1s"))) {
      int port = envoy.listenerPort("default/inference-gateway/llm-gw");
      await("the small body's timeout")
          .atMost(SOON)
          .ignoreExceptionsInstanceOf(UncheckedIOException.class)
          .untilAsserted(
              () -> assertError(post(port, "{\"model\":\"qwen\"}", JSON), 504, "timeout", ""));
      byte[] large = Client.body("qwen", 5_000_000);
      assertError(send(port, "POST", CHAT, large, JSON), 504, "timeout", "");
    }
  }
}
