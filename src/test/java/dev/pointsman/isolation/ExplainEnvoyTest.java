package dev.pointsman.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.e2e.Client;
import dev.pointsman.rig.Authority;
import dev.pointsman.rig.Http;
import dev.pointsman.rig.RealEnvoy;
import dev.pointsman.rig.TestedEnvoys;
import dev.pointsman.rig.WebToken;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Responses explain themselves to clients whom a policy allows to ask, and to no others. */
@Tag("envoy")
class ExplainEnvoyTest {
  private static final Path RECORDED = Path.of("testdata", "translate", "policy-explain");
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String HEADER = "x-pointsman-explain";
  private static final String SECRET = "open sesame";
  private static final String ODD = "odd; pool=forged \"%REQ(:PATH)%\"";
  private static final String CLAIM = "authorization";
  private static final String FORGED = "forged";

  private final Network network = new Network();
  private final Queue<String> received = new ConcurrentLinkedQueue<>();

  static Stream<String> versions() {
    return TestedEnvoys.versions();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void onlyAllowedRequestsAreExplained(String version, @TempDir Path folder) throws Exception {
    Authority.Issued certificate = Authority.selfSigned();
    String pod = network.at(11, 8000).toString();
    try (RawPod _ = new RawPod(network.at(11, 8000), this::response);
        ScriptedPicker picker = new ScriptedPicker(network.at(21, 9002), certificate, () -> pod);
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
      for (int bytes : List.of(200, 5_000_000)) {
        String ok = "pool=default/qwen; cluster=httproute/default/%s/rule/0; picker=ok;"
            + " picker_service=default/qwen-epp:9002; served="
            + pod + "; overruled=no; picked=" + pod + "; base_model=; model=%s";
        assertThat(explained(port, "secret", bytes, HEADER, SECRET))
            .isEqualTo(ok.formatted("secret", "secret"));
        assertThat(explained(port, ODD, bytes, HEADER, SECRET))
            .isEqualTo(ok.formatted("secret", ODD));
        for (String claims : List.of("\"groups\":\"on call\"", "\"groups\":[\"a\",\"on call\"]")) {
          assertThat(explained(port, "claim", bytes, CLAIM, WebToken.bearer(claims)))
              .isEqualTo(ok.formatted("claim", "claim"));
        }
        for (String wrong : List.of("", "open sesam", "yes", SECRET + "x".repeat(300))) {
          assertThat(explained(port, "secret", bytes, HEADER, wrong)).as(wrong).isEqualTo(FORGED);
        }
        assertThat(explained(port, "plain", bytes, HEADER, SECRET)).isEqualTo(FORGED);
        for (String claims : List.of("", "\"groups\":true", "\"groups\":{\"on call\":1}")) {
          assertThat(explained(port, "claim", bytes, CLAIM, WebToken.bearer(claims)))
              .as(claims)
              .isEqualTo(FORGED);
        }
      }
      assertThat(received).as("requests with a secret").isEmpty();
      picker.close();
      await("a failed picker")
          .atMost(SOON)
          .untilAsserted(() -> assertThat(explained(port, "secret", 200, HEADER, SECRET))
              .contains(
                  "pool=default/qwen; ",
                  "picker=failed; picker_service=default/qwen-epp:9002; served=; "));
    }
  }

  /** With a header that only the gateway may set: nobody's who is not allowed to ask. */
  private byte[] response(RawPod.RawRequest request) {
    if (!request.header(HEADER).isEmpty() && !request.head().contains("/plain")) {
      received.add(request.head());
    }
    return ("HTTP/1.1 200 x\r\n" + HEADER + ": " + FORGED + "\r\ncontent-length: 0\r\n\r\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  /** The explanation of a response; empty without one. */
  private static String explained(int port, String model, int bytes, String header, String value) {
    HttpResponse<String> response = send(port, model, bytes, header, value);
    assertThat(response.statusCode()).isIn(200, 503);
    List<String> values = response.headers().allValues(HEADER);
    assertThat(values).hasSizeLessThan(2);
    return values.isEmpty() ? "" : values.getFirst();
  }

  private static HttpResponse<String> send(
      int port, String model, int bytes, String header, String value) {
    HttpRequest request = HttpRequest.newBuilder(URI.create(
            "http://127.0.0.1:" + port + Client.CHAT + "/" + (model.equals("plain") ? model : "")))
        .timeout(SOON)
        .header("content-type", "application/json")
        .header(header, value)
        .POST(BodyPublishers.ofByteArray(Client.body(model.replace("\"", "\\\""), bytes)))
        .build();
    return Http.send(request);
  }

  private static boolean isServed(int port) {
    try {
      return send(port, "plain", 200, HEADER, SECRET).statusCode() == 200;
    } catch (UncheckedIOException notYet) {
      return false;
    }
  }
}
