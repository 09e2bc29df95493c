package dev.pointsman.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.e2e.Client;
import dev.pointsman.isolation.ScriptedPicker.Script;
import dev.pointsman.rig.Authority;
import dev.pointsman.rig.KeepAlive;
import dev.pointsman.rig.KeepAlive.Answer;
import dev.pointsman.rig.RealEnvoy;
import io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpBody;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A 401 of the gateway's, in front of a pool, is none of the picker's business. */
@Tag("envoy")
class EarlyAnswersEnvoyTest {
  private static final Path RECORDED = Path.of("testdata", "translate", "auth-jwt-on-one-model");
  private static final Duration SOON = Duration.ofSeconds(60);

  /** Of user "alice", by the key in the recorded SecurityPolicy, until 2096. */
  private static final String TOKEN = "eyJhbGciOiJIUzI1NiIsImtpZCI6ImEifQ."
      + "eyJpc3MiOiJodHRwczovL2V4YW1wbGUuY29tIiwic3ViIjoiYWxpY2UiLCJleHAiOjQwMDAwMDAwMDB9."
      + "hqEfqe81HnHdNK2nInEpPbk0kaSTWFZqAxHkVJEB3bY";

  /** Takes the loop. */
  private static final int LARGE = 5_000_000;

  static Stream<String> versions() {
    return Stream.of(RealEnvoy.VERSIONS.getFirst(), RealEnvoy.VERSIONS.getLast());
  }

  /** The picker holds all answers, and then is gone. */
  @ParameterizedTest
  @MethodSource("versions")
  void refusalsDoNotWaitForAPicker(String version, @TempDir Path folder) throws Exception {
    Network network = new Network();
    List<String> heard = new CopyOnWriteArrayList<>();
    Script holding = new Script() {
      @Override
      public String endpoint() {
        return network.at(11, 8000).toString();
      }

      @Override
      public CommonResponse.Builder request(Map<String, String> headers) {
        heard.add("request");
        return CommonResponse.newBuilder();
      }

      @Override
      public List<ProcessingResponse> response(Map<String, String> headers, boolean end) {
        heard.add("response " + headers.get(":status"));
        return List.of();
      }

      @Override
      public List<ProcessingResponse> responseBody(HttpBody part) {
        heard.add("response's body");
        return List.of();
      }
    };
    Authority.Issued certificate = Authority.selfSigned();
    try (RawPod _ =
            new RawPod(network.at(11, 8000), request -> TwoTenantsEnvoy.ok("any", request));
        ScriptedPicker picker = new ScriptedPicker(
            network.at(21, 9002), certificate, () -> network.at(11, 8000).toString());
        RealEnvoy envoy = RealEnvoy.start(
            version,
            OwnAnswers.bootstrap(
                network,
                RECORDED,
                folder,
                network.pod("qwen", 11),
                network.picker("qwen-ext-proc", 21)))) {
      int port = envoy.listenerPort("default/inference-gateway/llm-gw");
      await("the pool to answer").atMost(SOON).until(() -> isServed(port));
      picker.play(holding);
      assertRefused(port);
      assertThat(heard).as("heard by the picker").isEmpty();
      picker.close();
      assertRefused(port);
    }
  }

  private static void assertRefused(int port) throws IOException {
    byte[] small = Client.body("qwen", 200);
    try (KeepAlive client = new KeepAlive(port)) {
      assertRefused(client.post("any", small));
      assertRefused(client.postChunked("any", small));
      assertRefused(client.postChunked("any", small, List.of(), List.of("x-trailer: any")));
      client.send("GET", "any", List.of("x-gateway-model-name: qwen"), new byte[0]);
      assertThat(client.read("GET").status()).as("of no model").isEqualTo(404);
      assertRefused(client.post("any", Client.body("qwen", LARGE)));
    }
  }

  private static void assertRefused(Answer answer) {
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.body()).isEqualTo("Jwt is missing");
  }

  private static boolean isServed(int port) {
    try (KeepAlive client = new KeepAlive(port)) {
      return client
          .postChunked("any", Client.body("qwen", 200), "authorization: Bearer " + TOKEN)
          .servedBy()
          .equals("any");
    } catch (IOException | UncheckedIOException e) {
      return false; // it does not listen yet
    }
  }
}
