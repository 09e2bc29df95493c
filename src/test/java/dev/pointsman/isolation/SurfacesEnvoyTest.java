package dev.pointsman.isolation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.rig.Authority;
import dev.pointsman.rig.RealEnvoy;
import dev.pointsman.rig.TestedEnvoys;
import io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Audio forms, realtime websockets and requests that name their model in the URL reach the model's pool. */
@Tag("envoy")
class SurfacesEnvoyTest {
  private static final Path RECORDED = Path.of("testdata", "translate", "policy-model-sources");
  private static final String FORM = "content-type: multipart/form-data; boundary=xyz";
  private static final String AUDIO = "/v1/audio/transcriptions";
  private static final List<String> HOSTS = List.of("llm.example.com", "open.example.com");

  private final Network network = new Network();
  private final List<String> picked = new CopyOnWriteArrayList<>();
  private final List<String> arrived = new CopyOnWriteArrayList<>();

  static Stream<String> versions() {
    return TestedEnvoys.versions();
  }

  private interface Check {
    void run(int port, String host) throws Exception;
  }

  /** Runs the check on a hostname with models only, and on one with a route for everything else. */
  private void onBothHosts(String version, Path folder, Check check) throws Exception {
    Authority.Issued certificate = Authority.selfSigned();
    try (RawPod _ = pod("qwen", 11);
        RawPod _ = pod("whisper", 12);
        ScriptedPicker _ = picker("qwen", 21, 11, certificate);
        ScriptedPicker _ = picker("whisper", 22, 12, certificate);
        RealEnvoy envoy = RealEnvoy.start(
            version,
            OwnAnswers.bootstrap(
                network,
                RECORDED,
                folder,
                network.pod("qwen", 11),
                network.pod("whisper", 12),
                network.picker("qwen-epp", 21),
                network.picker("whisper-epp", 22)))) {
      int port = envoy.listenerPort("default/inference/llm");
      for (String model : List.of("qwen", "whisper")) {
        await("the gateway")
            .atMost(OwnAnswers.SOON)
            .ignoreExceptionsInstanceOf(UncheckedIOException.class)
            .until(() -> RawRequests.post(
                    port,
                    HOSTS.getFirst(),
                    "/x",
                    "content-type: application/json",
                    "{\"model\":\"" + model + "\"}")
                .contains("x-pod: " + model));
      }
      for (String host : HOSTS) {
        picked.clear();
        arrived.clear();
        check.run(port, host);
        assertThat(envoy.stat("cluster_manager.cds.update_rejected")).isZero();
      }
    }
  }

  private RawPod pod(String name, int host) throws IOException {
    return new RawPod(network.at(host, 8000), request -> {
      arrived.add(name);
      if (request.header("upgrade").equals("websocket")) {
        return ("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n"
                + "x-pod: " + name + "\r\n\r\nhello from " + name)
            .getBytes(ISO_8859_1);
      }
      String body =
          "bytes " + request.body().length() + " model " + request.header("x-gateway-model-name");
      return ("HTTP/1.1 200 OK\r\nx-pod: " + name + "\r\ncontent-length: " + body.length()
              + "\r\n\r\n" + body)
          .getBytes(ISO_8859_1);
    });
  }

  private ScriptedPicker picker(String name, int host, int pod, Authority.Issued certificate)
      throws IOException {
    return new ScriptedPicker(network.at(host, 9002), certificate, new ScriptedPicker.Script() {
      @Override
      public String endpoint() {
        return network.at(pod, 8000).toString();
      }

      @Override
      public CommonResponse.Builder request(Map<String, String> headers) {
        picked.add(name);
        return CommonResponse.newBuilder();
      }
    });
  }

  @ParameterizedTest
  @MethodSource("versions")
  void audioForms(String version, @TempDir Path folder) throws Exception {
    onBothHosts(version, folder, (port, host) -> {
      for (int size : List.of(10, 100_000, 5_000_000)) {
        for (boolean first : List.of(true, false)) {
          picked.clear();
          arrived.clear();
          String body = RawRequests.form("whisper", size, first);
          assertThat(RawRequests.post(port, host, AUDIO, FORM, body))
              .contains("x-pod: whisper", "bytes " + body.length() + " model whisper");
          assertThat(picked).containsExactly("whisper");
          assertThat(arrived).containsExactly("whisper");
        }
      }
      assertThat(RawRequests.post(port, host, AUDIO, FORM, RawRequests.form("qwen", 10, true)))
          .contains("x-pod: qwen");
      assertThat(RawRequests.post(port, host, AUDIO, FORM, RawRequests.form("x", 21 << 20, true)))
          .as("above the body limit: as without a model")
          .contains(host.startsWith("llm") ? " 413 " : "x-pod: qwen");
    });
  }

  @ParameterizedTest
  @MethodSource("versions")
  void realtimeWebsockets(String version, @TempDir Path folder) throws Exception {
    onBothHosts(version, folder, (port, host) -> {
      for (String model : List.of("qwen", "whisper")) {
        assertThat(RawRequests.websocket(port, host, "/v1/realtime?model=" + model))
            .contains(" 101 ", "x-pod: " + model, "hello from " + model);
      }
      assertThat(picked).as("a picker would wait for the end of the body").isEmpty();
      assertThat(RawRequests.websocket(port, host, "/v1/realtime?model=secret")).contains(" 403 ");
      assertThat(RawRequests.websocket(port, host, "/v1/realtime?model=a&model=b"))
          .contains(" 400 ");
    });
  }

  @ParameterizedTest
  @MethodSource("versions")
  void modelsOfTheUrl(String version, @TempDir Path folder) throws Exception {
    onBothHosts(version, folder, (port, host) -> {
      String json = "content-type: application/json";
      assertThat(RawRequests.get(port, host, "/v1/models/whisper")).contains("x-pod: whisper");
      assertThat(RawRequests.get(port, host, "/x?model=whisper")).contains("x-pod: whisper");
      assertThat(RawRequests.post(port, host, "/v1beta/models/whisper:generateContent", json, "{}"))
          .contains("x-pod: whisper");
      assertThat(RawRequests.post(
              port,
              host,
              "/openai/deployments/whisper/chat/completions",
              json,
              "{\"model\":\"whisper\"}"))
          .contains("x-pod: whisper");
      assertThat(RawRequests.post(
              port, host, "/v1/speak?model=whisper", "content-type: audio/wav", "RIFF"))
          .contains("x-pod: whisper");
      assertThat(picked).hasSize(5).containsOnly("whisper");
      assertThat(arrived).hasSize(5).containsOnly("whisper");
    });
  }

  /** The gateway reads each model that a server might read, or refuses the request. */
  @ParameterizedTest
  @MethodSource("versions")
  void nobodyGetsPastTheGuard(String version, @TempDir Path folder) throws Exception {
    onBothHosts(version, folder, (port, host) -> {
      String json = "content-type: application/json";
      for (String target : List.of("/x?model=secret", "/v1/models/secret", "/x?mod%65l=%73ecret")) {
        assertThat(RawRequests.get(port, host, target)).contains(" 403 ");
      }
      assertThat(RawRequests.post(port, host, AUDIO, FORM, RawRequests.form("secret", 10, true)))
          .contains(" 403 ");
      assertThat(RawRequests.post(port, host, "/x?model=qwen", json, "{\"model\":\"secret\"}"))
          .contains(" 400 ", "conflicting_models");
      assertThat(RawRequests.post(
              port, host, "/openai/deployments/qwen/x", json, "{\"model\":\"secret\"}"))
          .contains(" 400 ", "conflicting_models");
      assertThat(RawRequests.post(
              port, host, AUDIO + "?model=qwen", FORM, RawRequests.form("secret", 10, true)))
          .contains(" 400 ", "conflicting_models");
      assertThat(arrived).isEmpty();
      String forged = "x-gateway-model-name: whisper\r\n" + FORM;
      assertThat(RawRequests.post(port, host, AUDIO, forged, RawRequests.form("qwen", 10, true)))
          .contains("x-pod: qwen");
      // The body may name another model, and nobody reads it: as without a model.
      for (String type : List.of(
          "x-none: 1",
          "content-type: text/plain",
          "content-type: application/x-www-form-urlencoded")) {
        assertThat(RawRequests.post(port, host, "/x?model=whisper", type, "{\"model\":\"secret\"}"))
            .doesNotContain("x-pod: whisper");
      }
      assertThat(RawRequests.post(port, host, AUDIO, FORM, "no form"))
          .contains(host.startsWith("llm") ? "invalid_form" : "x-pod: qwen");
      assertThat(RawRequests.post(port, host, AUDIO, FORM, RawRequests.form("", 10, true)))
          .contains(host.startsWith("llm") ? "invalid_form" : "x-pod: qwen");
    });
  }
}
