package dev.pointsman.isolation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.e2e.Client;
import dev.pointsman.isolation.RequestPickers.Pool;
import dev.pointsman.rig.KeepAlive;
import dev.pointsman.rig.KeepAlive.Answer;
import dev.pointsman.rig.TestedEnvoys;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Pickers that may end their streams after requests ({@code mayEnd: AfterRequest}), as llm-d's does for APIs whose responses
 * it does not read, such as Anthropic's count_tokens.
 */
@Tag("envoy")
class EarlyEndingPickerEnvoyTest {
  private static final String EVENTS = "data: {\"n\":1}\n\n".repeat(2_000) + "data: [DONE]\n\n";
  private static final int SMALL = 100;

  /** Several messages of the picker. */
  private static final int MEDIUM = 300_000;

  /** Takes the loop. */
  private static final int LARGE = 5_000_000;

  private static final Set<End> REFUSED =
      EnumSet.of(End.AT_THE_REQUEST, End.AFTER_THE_REQUEST, End.AFTER_ANSWERING_HEADERS);

  static Stream<String> versions() {
    return TestedEnvoys.versions();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void requestsArriveWholeAndResponsesPass(String version, @TempDir Path folder) throws Exception {
    try (RequestPickers pickers = new RequestPickers(version, folder)) {
      for (String name : RequestPickers.POOLS) {
        Pool pool = pickers.pool(name);
        pool.play(End.AFTER_ANSWERING_THE_REQUEST, "content-type: text/event-stream\r\n", EVENTS);
        try (KeepAlive connection = new KeepAlive(pickers.port)) {
          for (int size : List.of(SMALL, MEDIUM, LARGE)) {
            byte[] body = Client.body(name, size);
            assertPassed(connection.post("any", body), pool, body);
            assertPassed(connection.postChunked("any", body), pool, body);
            assertPassed(
                connection.postChunked("any", body, List.of(), List.of("x-trailer: any")),
                pool,
                body);
            // Without a model, a body streams to the picker.
            connection.send("POST", "/files/" + name, "any", length(body), body);
            assertPassed(connection.read("POST"), pool, body);
          }
          connection.send("GET", "/files/" + name, "any", List.of(), new byte[0]);
          assertPassed(connection.read("GET"), pool, new byte[0]);
        }
      }
    }
  }

  private static List<String> length(byte[] body) {
    return List.of("content-length: " + body.length);
  }

  private static void assertPassed(Answer answer, Pool pool, byte[] body) {
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.servedBy()).isEqualTo("named");
    assertThat(answer.headers()).containsEntry("content-type", "text/event-stream");
    assertThat(answer.body()).isEqualTo(EVENTS);
    assertThat(pool.arrived().remove().body()).isEqualTo(new String(body, ISO_8859_1));
  }

  /** Whenever they end their streams, neither the pod nor the client gets a part of a message for the whole. */
  @ParameterizedTest
  @MethodSource("versions")
  void messagesArriveWholeOrNotAtAll(String version, @TempDir Path folder) throws Exception {
    try (RequestPickers pickers = new RequestPickers(version, folder)) {
      for (String name : RequestPickers.POOLS) {
        for (End end : End.values()) {
          Pool pool = pickers.pool(name);
          pool.play(end, "", EVENTS);
          for (int size : List.of(SMALL, MEDIUM, LARGE)) {
            byte[] body = Client.body(name, size);
            assertWhole(pickers, end, body, List.of());
            assertWhole(pickers, end, body, List.of("x-trailer: any"));
          }
          assertThat(pool.arrived().stream().map(request -> request.body().length()))
              .as("%s, %s: bodies that arrived", name, end)
              .isSubsetOf(SMALL, MEDIUM, LARGE);
        }
      }
    }
  }

  private static void assertWhole(
      RequestPickers pickers, End end, byte[] body, List<String> trailers) {
    try (KeepAlive connection = new KeepAlive(pickers.port)) {
      Answer answer = connection.postChunked("any", body, List.of(), trailers);
      assertThat(answer.status()).as(end.toString()).isIn(200, 503);
      if (answer.status() == 200) {
        assertThat(answer.body()).as(end.toString()).isEqualTo(EVENTS);
        assertThat(REFUSED).doesNotContain(end);
      }
    } catch (IOException cut) {
      assertThat(cut)
          .as("seen by the client")
          .hasMessageMatching("the connection was closed.*|the answer ended early");
    }
  }
}
