package dev.pointsman.isolation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.e2e.Client;
import dev.pointsman.isolation.ScriptedPicker.End;
import dev.pointsman.isolation.ScriptedPicker.Script;
import dev.pointsman.model.FailureMode;
import dev.pointsman.rig.KeepAlive;
import dev.pointsman.rig.KeepAlive.Answer;
import dev.pointsman.rig.RealEnvoy;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A picker that reads requests only: it says where a request goes, returns its body, and ends its stream with OK. llm-d's
 * does so for APIs whose responses it does not read, such as Anthropic's count_tokens.
 */
@Tag("envoy")
class RequestOnlyPickerEnvoyTest {
  private static final String EVENTS = "data: {\"n\":1}\n\n".repeat(2_000) + "data: [DONE]\n\n";

  private static final int SMALL = 100;

  /** Some messages of the picker's. */
  private static final int MEDIUM = 300_000;

  /** Takes the loop. */
  private static final int LARGE = 5_000_000;

  private static final int MANY = 50;

  static Stream<Arguments> proxies() {
    return RealEnvoy.VERSIONS.stream()
        .flatMap(version ->
            Stream.of(FailureMode.values()).map(failureMode -> Arguments.of(version, failureMode)));
  }

  @ParameterizedTest
  @MethodSource("proxies")
  void requestsArriveWholeAndAnswersPass(String version, FailureMode failureMode) throws Exception {
    try (TwoTenantsEnvoy tenants = new TwoTenantsEnvoy(version, failureMode)) {
      tenants.awaitEvil();
      tenants.evilPicker.play(new Script() {
        @Override
        public String endpoint() {
          return tenants.evilEndpoint();
        }

        @Override
        public End end() {
          return End.AFTER_ANSWERING_THE_REQUEST;
        }
      });
      Queue<RawPod.RawRequest> arrived = new ConcurrentLinkedQueue<>();
      tenants.evilPod.answer(request -> {
        arrived.add(request);
        return ("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: "
                + EVENTS.length() + "\r\n\r\n" + EVENTS)
            .getBytes(ISO_8859_1);
      });
      try (KeepAlive connection = new KeepAlive(tenants.port)) {
        for (int size : List.of(SMALL, MEDIUM, LARGE)) {
          byte[] body = Client.body(TwoTenantsEnvoy.EVIL, size);
          assertPassed(connection.post("any", body));
          assertArrived(tenants, arrived, body);
          assertPassed(connection.postChunked("any", body));
          assertArrived(tenants, arrived, body);
          assertPassed(connection.postChunked("any", body, List.of(), List.of("x-trailer: any")));
          assertArrived(tenants, arrived, body);
        }
        for (int i = 0; i < MANY; i++) {
          assertPassed(connection.post("any", Client.body(TwoTenantsEnvoy.EVIL, SMALL)));
        }
      }
    }
  }

  private static void assertPassed(Answer answer) {
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(EVENTS);
  }

  private static void assertArrived(
      TwoTenantsEnvoy tenants, Queue<RawPod.RawRequest> arrived, byte[] body) {
    RawPod.RawRequest request = arrived.remove();
    assertThat(request.body()).isEqualTo(new String(body, ISO_8859_1));
    assertThat(request.header("x-gateway-destination-endpoint")).isEqualTo(tenants.evilEndpoint());
  }
}
