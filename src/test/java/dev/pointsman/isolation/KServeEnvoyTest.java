package dev.pointsman.isolation;

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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The routes and pools of KServe, before and after its move from v1alpha2 to v1, reach the same pods by their picker. */
@Tag("envoy")
class KServeEnvoyTest {
  private final Network network = new Network();
  private final List<String> arrived = new CopyOnWriteArrayList<>();
  private final List<String> picked = new CopyOnWriteArrayList<>();

  static Stream<List<String>> migrations() {
    return TestedEnvoys.versions()
        .flatMap(version -> Stream.of("before", "after").map(when -> List.of(version, when)));
  }

  @ParameterizedTest
  @MethodSource("migrations")
  void servesKServesRoutes(List<String> migration, @TempDir Path folder) throws Exception {
    Authority.Issued certificate = Authority.selfSigned();
    try (RawPod _ = new RawPod(network.at(11, 8000), this::answer);
        ScriptedPicker _ = new ScriptedPicker(network.at(21, 9002), certificate, picks());
        RealEnvoy envoy = RealEnvoy.start(
            migration.getFirst(),
            bootstrap("kserve-" + migration.getLast() + "-its-migration", folder))) {
      int port = envoy.listenerPort("kserve/kserve-ingress-gateway/http");
      await("the gateway")
          .atMost(OwnAnswers.SOON)
          .ignoreExceptionsInstanceOf(UncheckedIOException.class)
          .until(
              () -> post(port, OwnAnswers.CHAT, "publishers/ml/models/llama").statusCode() == 200);
      arrived.clear();
      picked.clear();
      for (String model : List.of("llama", "sql-lora-1", "chat-lora-12345")) {
        assertThat(post(port, OwnAnswers.CHAT, "publishers/ml/models/" + model).statusCode())
            .as(model)
            .isEqualTo(200);
      }
      for (String model : List.of("sql-lora-", "sql-lora-1x", "other")) {
        OwnAnswers.assertError(
            post(port, OwnAnswers.CHAT, "publishers/ml/models/" + model),
            404,
            "model_not_found",
            "model");
      }
      assertThat(post(port, "/ml/llama/v1/completions", "anything").statusCode())
          .isEqualTo(200);
      assertThat(post(port, "/ml/llama/v1/chat/completions", "publishers/ml/models/llama")
              .statusCode())
          .isEqualTo(200);
      assertThat(arrived)
          .containsExactly(
              "post /v1/chat/completions http/1.1",
              "post /v1/chat/completions http/1.1",
              "post /v1/chat/completions http/1.1",
              "post /v1/completions http/1.1",
              "post /v1/chat/completions http/1.1");
      assertThat(picked).hasSize(5);
    }
  }

  private byte[] answer(RawPod.RawRequest request) {
    arrived.add(request.head().lines().findFirst().orElse(""));
    return "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok".getBytes(StandardCharsets.ISO_8859_1);
  }

  private ScriptedPicker.Script picks() {
    return new ScriptedPicker.Script() {
      @Override
      public String endpoint() {
        return network.at(11, 8000).toString();
      }

      @Override
      public CommonResponse.Builder request(Map<String, String> headers) {
        picked.add(headers.getOrDefault(":path", ""));
        return CommonResponse.newBuilder();
      }
    };
  }

  private String bootstrap(String recorded, Path folder) throws IOException {
    return OwnAnswers.bootstrap(
        network,
        Path.of("testdata", "translate", recorded),
        folder,
        network
            .pod("llama", 11)
            .replace("namespace: default", "namespace: ml")
            .replace(
                "labels: {app: llama}",
                "labels: {app.kubernetes.io/name: llama, kserve.io/component: workload}"),
        network.picker("llama-epp-service", 21).replace("namespace: default", "namespace: ml"));
  }

  private static HttpResponse<String> post(int port, String path, String model) {
    byte[] body = Client.body(model).getBytes(StandardCharsets.UTF_8);
    return OwnAnswers.send(port, "POST", path, body, OwnAnswers.JSON);
  }
}
