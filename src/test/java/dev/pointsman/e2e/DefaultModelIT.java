package dev.pointsman.e2e;

import static dev.pointsman.e2e.Client.CHAT;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.e2e.Client.Answer;
import dev.pointsman.rig.Rig;
import dev.pointsman.rig.Scenario;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An operator gives requests a model by a header: a body's own model outranks it, a client's header does not. */
@EndToEnd
class DefaultModelIT {
  private static final Scenario DEFAULTS = Scenario.read(Path.of("testdata/e2e-defaults"));
  /** {@code addIfAbsent: chat}. */
  private static final int CHAT_BY_DEFAULT = 10091;
  /** {@code set: nobody}, which no route asks for. */
  private static final int NOBODY_BY_DEFAULT = 10092;

  private static final int LARGEST = 15 << 20;

  @BeforeAll
  static void add(Rig rig) {
    rig.addAndAwait(DEFAULTS);
    await("the routes")
        .atMost(Duration.ofSeconds(30))
        .until(() -> Stream.of(CHAT_BY_DEFAULT, NOBODY_BY_DEFAULT)
            .allMatch(listener -> Stream.of("plain", "chat", "code")
                .allMatch(model -> chat(rig, listener, Client.body(model, 100)).status() == 200)));
  }

  @AfterAll
  static void remove(Rig rig) {
    rig.remove(DEFAULTS);
  }

  /** Up to sizes that take the loop; all are above the listener's own buffer but the first. */
  @ParameterizedTest
  @ValueSource(ints = {100, 200 << 10, 5 << 20, LARGEST})
  void modelOfTheBodyCounts(int bytes, Rig rig) {
    for (int listener : new int[] {CHAT_BY_DEFAULT, NOBODY_BY_DEFAULT}) {
      assertThat(chat(rig, listener, Client.body("code", bytes)).servedBy())
          .isEqualTo("deepseek-r1-0");
      Answer answer = chat(rig, listener, Client.body("chat", bytes));
      assertThat(answer.servedBy()).startsWith("qwen-");
      assertThat(answer.reached("x-gateway-model-name")).isEqualTo("chat");
      assertThat(answer.report().path("body_bytes").asInt()).isEqualTo(bytes);
      assertThat(chat(rig, listener, Client.body("plain", bytes)).servedBy()).isEqualTo("legacy-0");
    }
  }

  @Test
  void modelOfAChunkedBodyCounts(Rig rig) {
    byte[] body = Client.body("code", 200 << 10);
    Answer answer = Client.send(Client.json(rig.url(CHAT_BY_DEFAULT, CHAT))
        .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))));
    assertThat(answer.servedBy()).as(answer.toString()).isEqualTo("deepseek-r1-0");
  }

  @Test
  void bodyWithoutAModelGetsTheDefault(Rig rig) {
    Answer answer = chat(rig, CHAT_BY_DEFAULT, "{\"messages\":[]}".getBytes(US_ASCII));
    assertThat(answer.servedBy()).as(answer.toString()).startsWith("qwen-");
    assertThat(answer.reached("x-gateway-model-name")).isEqualTo("chat");
    assertThat(
            chat(rig, NOBODY_BY_DEFAULT, "{\"messages\":[]}".getBytes(US_ASCII)).error())
        .isEqualTo("model_not_found");
  }

  @Test
  void requestWithoutABodyGetsTheDefault(Rig rig) {
    assertThat(Client.send(Client.json(rig.url(CHAT_BY_DEFAULT, CHAT)).GET()).servedBy())
        .startsWith("qwen-");
  }

  @Test
  void clientsHeaderIsNoDefault(Rig rig) {
    Answer answer = Client.send(Client.json(rig.url(CHAT_BY_DEFAULT, CHAT))
        .header("X-Gateway-Model-Name", "code")
        .POST(BodyPublishers.ofString("{}")));
    assertThat(answer.servedBy()).as(answer.toString()).startsWith("qwen-");
  }

  @Test
  void unknownModelOfABodyIsUnknown(Rig rig) {
    assertThat(chat(rig, CHAT_BY_DEFAULT, Client.body("unheard-of", 100)).error())
        .isEqualTo("model_not_found");
  }

  private static Answer chat(Rig rig, int listener, byte[] body) {
    return Client.send(Client.json(rig.url(listener, CHAT)).POST(BodyPublishers.ofByteArray(body)));
  }
}
