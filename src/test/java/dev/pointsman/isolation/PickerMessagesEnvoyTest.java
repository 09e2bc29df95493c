package dev.pointsman.isolation;

import static dev.pointsman.isolation.Attack.headers;
import static dev.pointsman.isolation.Attack.mutation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.pointsman.rig.KeepAlive;
import dev.pointsman.rig.KeepAlive.Answer;
import io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The messages that a picker receives, and the effect of its own. */
@Tag("envoy")
class PickerMessagesEnvoyTest extends HostilePickerFixture {
  /** The Inference Extension's picker sets the length of the body that it sends back. */
  @ParameterizedTest
  @MethodSource("versions")
  void requestIsWellFormedWithAnyLengthOfThePicker(String version) throws Exception {
    AtomicReference<RawPod.RawRequest> arrived = new AtomicReference<>();
    Attack attack = Attack.named("")
        .request(response -> response.setHeaderMutation(mutation("content-length", "5")));
    TwoTenantsEnvoy tenants = playing(version, attack);
    tenants.evilPod.answer(request -> {
      arrived.set(request);
      return TwoTenantsEnvoy.ok("evil", request);
    });
    assertThat(answer(tenants).status()).isEqualTo(200);
    assertThat(arrived.get().body()).hasSize(100);
    assertThat(arrived
            .get()
            .head()
            .lines()
            .filter(line -> line.matches("(content-length|transfer-encoding):.*")))
        .containsExactly("transfer-encoding: chunked");
  }

  /** A request in a loop carries the token, until just before the picker. */
  @ParameterizedTest
  @MethodSource("versions")
  void pickerDoesNotSeeTheTokenOfTheLoop(String version) throws Exception {
    TwoTenantsEnvoy tenants = playing(version, Attack.named(""));
    AtomicReference<Map<String, String>> seen = new AtomicReference<>(Map.of());
    tenants.evilPicker.play(new ScriptedPicker.Script() {
      @Override
      public String endpoint() {
        return tenants.evilEndpoint();
      }

      @Override
      public CommonResponse.Builder request(Map<String, String> headers) {
        seen.set(headers);
        return CommonResponse.newBuilder();
      }
    });
    long before = tenants.envoy.stat("http.pointsman-large.downstream_rq_total");
    try (KeepAlive connection = new KeepAlive(tenants.port)) {
      assertThat(connection.post("any", body(TwoTenantsEnvoy.EVIL, LARGE)).status())
          .isEqualTo(200);
    }
    assertThat(tenants.envoy.stat("http.pointsman-large.downstream_rq_total"))
        .isEqualTo(before + 1);
    assertThat(seen.get())
        .containsKey("x-gateway-model-name")
        .doesNotContainKey("x-pointsman-route");
  }

  /** Pickers tell what a request has cost, for access logs and rate limits; in other namespaces nobody hears them. */
  @ParameterizedTest
  @MethodSource("versions")
  void metadataOfAPickerIsHeardInItsNamespaceOnly(String version) throws Exception {
    Struct metadata = Struct.newBuilder()
        .putFields("envoy.lb", struct("x-gateway-inference-request-cost", "4711"))
        .putFields("envoy.filters.http.jwt_authn", struct("sub", "forged"))
        .putFields("pointsman.model", struct("model", "forged"))
        .build();
    Attack attack = Attack.named("")
        .body(part -> List.of(HostileAnswers.body(part.getBody(), part.getEndOfStream()).toBuilder()
            .setDynamicMetadata(metadata)
            .build()));
    TwoTenantsEnvoy tenants = playing(version, attack);
    try (KeepAlive connection = new KeepAlive(tenants.port)) {
      assertThat(ask(connection, attack)).isTrue();
    }
    await("the request to be logged")
        .atMost(Duration.ofSeconds(30))
        .until(() -> tenants.accessLog().contains("4711"));
    assertThat(tenants.accessLog()).contains("qwen").doesNotContain("forged");
  }

  private static Value struct(String key, String value) {
    return Value.newBuilder()
        .setStructValue(Struct.newBuilder()
            .putFields(key, Value.newBuilder().setStringValue(value).build()))
        .build();
  }

  /** Answers without a body pass a picker by; it cannot give them one. */
  @ParameterizedTest
  @MethodSource("versions")
  void answersWithoutABodyArrive(String version) throws Exception {
    TwoTenantsEnvoy tenants =
        playing(version, Attack.named("").pod("HTTP/1.1 304 Not Modified\r\netag: \"a\"\r\n\r\n"));
    Answer unchanged = answer(tenants);
    assertThat(unchanged.status()).isEqualTo(304);
    assertThat(unchanged.headers()).containsEntry("etag", "\"a\"");
  }
}
