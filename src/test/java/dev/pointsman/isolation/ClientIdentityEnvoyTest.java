package dev.pointsman.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.e2e.Client;
import dev.pointsman.rig.Authority;
import dev.pointsman.rig.Http;
import dev.pointsman.rig.RealEnvoy;
import dev.pointsman.rig.TestedEnvoys;
import dev.pointsman.rig.WebToken;
import io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The headers that steer a picker come from the gateway, unless a policy says otherwise. */
@Tag("envoy")
class ClientIdentityEnvoyTest {
  private static final Path RECORDED = Path.of("testdata", "translate", "policy-identity");
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final List<Integer> SIZES = List.of(200, 5_000_000);
  private static final Pattern STEERING =
      Pattern.compile("x-(llm-d|gateway-inference)-.*|x-gateway-model-name-rewrite");
  private static final String FAIRNESS = "x-gateway-inference-fairness-id";
  private static final String OBJECTIVE = "x-gateway-inference-objective";

  /** A client's own. */
  private static final Map<String, String> FORGED = Map.of(
      FAIRNESS,
      "forged",
      OBJECTIVE,
      "forged",
      "x-llm-d-inference-fairness-id",
      "forged",
      "x-llm-d-slo-ttft-ms",
      "1",
      "x-gateway-model-name-rewrite",
      "forged");

  private final Network network = new Network();
  private final Queue<Map<String, String>> asked = new ConcurrentLinkedQueue<>();

  static Stream<String> versions() {
    return TestedEnvoys.versions();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void pickersGetOnlyHeadersOfTheGateway(String version, @TempDir Path folder) throws Exception {
    Authority.Issued certificate = Authority.selfSigned();
    try (RawPod _ =
            new RawPod(network.at(11, 8000), request -> TwoTenantsEnvoy.ok("any", request));
        ScriptedPicker picker = new ScriptedPicker(network.at(21, 9002), certificate, recording());
        RealEnvoy envoy = RealEnvoy.start(
            version,
            OwnAnswers.bootstrap(
                network,
                RECORDED,
                folder,
                network.pod("qwen", 11),
                network.picker("qwen-epp", 21)))) {
      int port = envoy.listenerPort("default/inference/llm");
      await("the pool to answer").atMost(SOON).until(() -> isServed(port));
      for (int bytes : SIZES) {
        assertThat(steering(port, "plain", bytes, FORGED)).isEmpty();
        Map<String, String> kept = new TreeMap<>(FORGED);
        kept.remove(OBJECTIVE); // Envoy's JWT filter removes headers of claims from all requests
        assertThat(steering(port, "kept", bytes, FORGED)).containsAllEntriesOf(kept);
        assertThat(steering(port, "header", bytes, with("x-user", "ann/1")))
            .containsEntry(FAIRNESS, "ann/1")
            .containsEntry(OBJECTIVE, "batch")
            .containsEntry("x-llm-d-slo-ttft-ms", "1")
            .doesNotContainKey("x-llm-d-inference-fairness-id");
        for (String refused : List.of("", "a b", "x".repeat(257))) {
          assertThat(steering(port, "header", bytes, with("x-user", refused)))
              .as(refused)
              .containsEntry(OBJECTIVE, "batch")
              .doesNotContainKey(FAIRNESS);
        }
        String token = WebToken.bearer("\"tenant\":\"red\",\"tier\":\"gold\"");
        assertThat(steering(port, "claim", bytes, with("authorization", token)))
            .isEqualTo(Map.of(FAIRNESS, "red", OBJECTIVE, "gold"));
        for (String claims : List.of(
            "",
            "\"tenant\":12",
            "\"tenant\":\"é\"",
            "\"tenant\":\"a\\r\\nb: c\"",
            "\"tenant\":[\"red\"]")) {
          assertThat(steering(port, "claim", bytes, with("authorization", WebToken.bearer(claims))))
              .as(claims)
              .isEmpty();
        }
      }
    }
  }

  private ScriptedPicker.Script recording() {
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

  private static Map<String, String> with(String header, String value) {
    Map<String, String> headers = new TreeMap<>(FORGED);
    headers.put(header, value);
    return headers;
  }

  /** The headers that steer the picker, as it got them. */
  private Map<String, String> steering(
      int port, String model, int bytes, Map<String, String> headers) {
    asked.clear();
    assertThat(status(port, model, bytes, headers)).isEqualTo(200);
    assertThat(asked).hasSize(1);
    Map<String, String> steering = new TreeMap<>(asked.remove());
    steering.keySet().removeIf(name -> !STEERING.matcher(name).matches());
    return steering;
  }

  private static int status(int port, String model, int bytes, Map<String, String> headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + port + Client.CHAT))
        .timeout(SOON)
        .header("content-type", "application/json")
        .POST(BodyPublishers.ofByteArray(Client.body(model, bytes)));
    headers.forEach(request::header);
    return Http.send(request.build()).statusCode();
  }

  private static boolean isServed(int port) {
    try {
      return status(port, "plain", 200, Map.of()) == 200;
    } catch (UncheckedIOException notYet) {
      return false;
    }
  }
}
