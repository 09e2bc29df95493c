package dev.pointsman.isolation;

import static dev.pointsman.isolation.OwnAnswers.JSON;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.e2e.Client;
import dev.pointsman.rig.Authority;
import dev.pointsman.rig.KeepAlive;
import dev.pointsman.rig.RealEnvoy;
import dev.pointsman.rig.TestedEnvoys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Services and mirrors that know the model by another name get it in the body, and everything else as it was. */
@Tag("envoy")
class OtherNamesEnvoyTest {
  private static final Path RECORDED = Path.of("testdata", "translate", "policy-other-names");
  /** Copies of the largest bodies were seen to be late or missing on a machine under load. */
  private static final int LARGEST_COPY = 3_000_000;

  private static final String GPT = "gpt/5 \"x\" \\ é";

  private final Network network = new Network();
  private final Map<String, RawPod.RawRequest> received = new ConcurrentHashMap<>();

  static Stream<String> versions() {
    return TestedEnvoys.versions();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void inBodiesOfAllSizes(String version, @TempDir Path folder) throws Exception {
    Authority.Issued certificate = Authority.selfSigned();
    try (RawPod _ = server("qwen", 11, 8000);
        RawPod _ = server("shadow", 12, 8000);
        RawPod outside = server("outside", 31, 8081);
        RawPod _ = server("recorder", 32, 8081);
        ScriptedPicker _ = picker(21, 11, certificate);
        ScriptedPicker _ = picker(22, 12, certificate);
        RealEnvoy envoy = RealEnvoy.start(version, bootstrap(folder))) {
      int port = envoy.listenerPort("default/inference/llm");
      await("the pools")
          .atMost(OwnAnswers.SOON)
          .ignoreExceptionsInstanceOf(UncheckedIOException.class)
          .untilAsserted(() -> {
            assertThat(OwnAnswers.post(port, Client.body("qwen"), JSON).statusCode())
                .isEqualTo(200);
            assertThat(received.keySet())
                .containsExactlyInAnyOrder("qwen", "shadow-7b", "unpicked", "recorder");
          });

      for (int bytes : List.of(200, 3_000_000, 20 << 20)) {
        for (boolean chunked : List.of(false, true)) {
          received.clear();
          byte[] body = Client.body("gpt", bytes);
          assertThat(send(port, body, chunked)).isEqualTo(200);
          assertRenamed("outside", bytes(GPT), bytes + quoted(GPT).length() - "\"gpt\"".length());
          if (bytes <= LARGEST_COPY) {
            await("the copies").atMost(OwnAnswers.SOON).until(() -> received.size() == 4);
            assertRenamed("recorder", "recorded", bytes + "recorded".length() - "gpt".length());
          }
        }
      }
      // The pool's own requests keep the name; copies to another pool have theirs.
      received.clear();
      assertThat(OwnAnswers.post(port, Client.body("qwen"), JSON).statusCode()).isEqualTo(200);
      await("the copies").atMost(OwnAnswers.SOON).until(() -> received.size() == 4);
      assertThat(requireNonNull(received.get("qwen")).body()).isEqualTo(Client.body("qwen"));
      assertThat(received.keySet())
          .containsExactlyInAnyOrder("qwen", "shadow-7b", "unpicked", "recorder");
      assertClientsDoNotSteerTheCopiesPicker(port);
      // A body with two models is the client's mistake.
      received.clear();
      String twice = "{\"model\":\"gpt\",\"model\":\"gpt\"}";
      OwnAnswers.assertError(
          OwnAnswers.post(port, twice, JSON), 400, "missing_required_parameter", "model");
      assertThat(received.values()) // copies of large bodies may arrive late
          .allMatch(request -> request.body().length() > LARGEST_COPY);
      outside.answer(request -> StagesGateway.response(200, request.body()));
      assertThat(OwnAnswers.post(port, "{\"a\": 1,\"model\" : \"gpt\"}", JSON).body())
          .isEqualTo("{\"a\": 1,\"model\" : " + json(GPT) + "}");
    }
  }

  /** The Service of a rule gets its clients' headers; a copy to a pool, whose picker obeys them, does not. */
  private void assertClientsDoNotSteerTheCopiesPicker(int port) throws IOException {
    received.clear();
    byte[] body = Client.body("gpt", 200);
    try (KeepAlive client = new KeepAlive(port)) {
      List<String> headers = List.of(
          "x-gateway-inference-objective: urgent",
          "x-llm-d-inference-fairness-id: me",
          "content-length: " + body.length);
      client.send("POST", "any", headers, body);
      assertThat(client.read("POST").status()).isEqualTo(200);
    }
    await("the copies").atMost(OwnAnswers.SOON).until(() -> received.size() == 4);
    RawPod.RawRequest original = requireNonNull(received.get("outside"));
    assertThat(original.header("x-gateway-inference-objective")).isEqualTo("urgent");
    assertThat(original.header("x-llm-d-inference-fairness-id")).isEqualTo("me");
    assertThat(requireNonNull(received.get("shadow-7b")).head())
        .doesNotContain("x-gateway-inference-", "x-llm-d-");
  }

  private static int send(int port, byte[] body, boolean chunked) throws IOException {
    try (KeepAlive client = new KeepAlive(port)) {
      client.timeout(30_000);
      return (chunked ? client.postChunked("any", body) : client.post("any", body)).status();
    }
  }

  private void assertRenamed(String server, String model, int length) {
    RawPod.RawRequest request = requireNonNull(received.get(server), server);
    assertThat(StagesGateway.described(server, request))
        .startsWith(server + "|" + model + "|" + length + "|" + length);
  }

  private static String quoted(String model) {
    return bytes(json(model));
  }

  private static String json(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  /** A pod reads each byte of UTF-8 as a character of ISO 8859-1. */
  private static String bytes(String text) {
    return new String(text.getBytes(UTF_8), ISO_8859_1);
  }

  /** Pods of the pool for copies are told apart by the model that they get. */
  private RawPod server(String name, int host, int port) throws IOException {
    return new RawPod(network.at(host, port), request -> {
      String model = StagesGateway.described("", request).split("\\|")[1];
      received.put(name.equals("shadow") ? model : name, request);
      return StagesGateway.response(200, name);
    });
  }

  private ScriptedPicker picker(int host, int pod, Authority.Issued certificate)
      throws IOException {
    return new ScriptedPicker(
        network.at(host, 9002), certificate, () -> network.at(pod, 8000).toString());
  }

  private String bootstrap(Path folder) throws IOException {
    return OwnAnswers.bootstrap(
        network,
        RECORDED,
        folder,
        network.pod("qwen", 11),
        network.pod("shadow", 12),
        network.picker("qwen-epp", 21),
        network.picker("shadow-epp", 22),
        service("outside", 31),
        service("recorder", 32));
  }

  private String service(String name, int host) {
    return network
        .picker(name, host)
        .replace("port: 9002, target", "port: 8080, target")
        .replace("9002", "8081")
        .replace("name: grpc, ", "");
  }
}
