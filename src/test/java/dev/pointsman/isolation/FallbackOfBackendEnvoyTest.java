package dev.pointsman.isolation;

import static dev.pointsman.isolation.OwnAnswers.JSON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.e2e.Client;
import dev.pointsman.rig.Authority;
import dev.pointsman.rig.RealEnvoy;
import dev.pointsman.rig.TestedEnvoys;
import io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A pool that stands in for another backend is protected from clients like a rule's own, on a listener without pools. */
@Tag("envoy")
class FallbackOfBackendEnvoyTest {
  private static final Path RECORDED =
      Path.of("testdata", "translate", "policy-fallback-of-backend");
  private static final String OBJECTIVE = "x-gateway-inference-objective";
  private static final String DESTINATION = "x-gateway-destination-endpoint";

  private final Network network = new Network();
  private final Queue<Map<String, String>> asked = new ConcurrentLinkedQueue<>();

  static Stream<String> versions() {
    return TestedEnvoys.versions();
  }

  /** Nothing listens at the backend's address. */
  @ParameterizedTest
  @MethodSource("versions")
  void clientsDoNotSteerThePool(String version, @TempDir Path folder) throws Exception {
    Authority.Issued certificate = Authority.selfSigned();
    try (RawPod _ = server(11);
        RawPod _ = server(12);
        ScriptedPicker picker = new ScriptedPicker(network.at(21, 9002), certificate, picks());
        RealEnvoy envoy = RealEnvoy.start(
            version,
            OwnAnswers.bootstrap(
                network,
                RECORDED,
                folder,
                network.pod("local", 11),
                network.pod("local", 12).replace("local-0", "local-1"),
                network.picker("local-epp", 21)))) {
      int port = envoy.listenerPort("default/inference/llm");
      await("the picker")
          .atMost(OwnAnswers.SOON)
          .ignoreExceptionsInstanceOf(UncheckedIOException.class)
          .until(() -> ask(port).statusCode() == 200 && !asked.isEmpty());

      asked.clear();
      HttpResponse<String> answer = ask(port);
      assertThat(answer.body()).isEqualTo("pod 11");
      assertThat(answer.headers().firstValue("x-pointsman-explain").orElse(""))
          .contains("pool=default/local; ", "picked=" + network.at(11, 8000));
      assertThat(asked).hasSize(1);
      assertThat(asked.remove())
          .containsEntry(OBJECTIVE, "low")
          .doesNotContainKeys(DESTINATION, "x-llm-d-slo-ttft-ms");

      picker.close();
      await("the end of the window in which requests fail")
          .atMost(OwnAnswers.SOON)
          .until(() ->
              Stream.generate(() -> ask(port)).limit(5).allMatch(open -> open.statusCode() == 200));
      Set<String> served = new TreeSet<>();
      for (int i = 0; i < 50; i++) {
        served.add(ask(port).body());
      }
      assertThat(served).as("not the client's pod alone").containsExactly("pod 11", "pod 12");
    }
  }

  private HttpResponse<String> ask(int port) {
    return OwnAnswers.post(
        port,
        Client.body("any"),
        JSON,
        OBJECTIVE + ": critical",
        "x-llm-d-slo-ttft-ms: 1",
        DESTINATION + ": " + network.at(12, 8000),
        "x-pointsman-explain: open sesame");
  }

  private RawPod server(int host) throws IOException {
    byte[] answer = ("HTTP/1.1 200 x\r\ncontent-length: 6\r\n\r\npod " + host)
        .getBytes(StandardCharsets.ISO_8859_1);
    return new RawPod(network.at(host, 8000), _ -> answer);
  }

  private ScriptedPicker.Script picks() {
    return new ScriptedPicker.Script() {
      @Override
      public String endpoint() {
        return network.at(11, 8000).toString();
      }

      @Override
      public CommonResponse.Builder request(Map<String, String> headers) {
        asked.add(headers);
        return CommonResponse.newBuilder();
      }
    };
  }
}
