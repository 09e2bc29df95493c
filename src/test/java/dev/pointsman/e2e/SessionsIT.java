package dev.pointsman.e2e;

import static dev.pointsman.e2e.Client.CHAT;
import static dev.pointsman.e2e.Client.HTTP;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.e2e.Client.Answer;
import dev.pointsman.rig.Rig;
import dev.pointsman.rig.Scenario;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A session stays with its pod, whatever the picker names next; where it cannot, the client gets none. */
@EndToEnd
class SessionsIT {
  private static final Scenario SESSIONS = Scenario.read(Path.of("testdata/e2e-sessions"));
  private static final int LARGE = 5 << 20;

  @BeforeAll
  static void add(Rig rig) {
    rig.addAndAwait(SESSIONS);
    await("the routes")
        .atMost(Duration.ofSeconds(30))
        .until(() -> post(rig, CHAT, "sticky-eject", 100, Optional.empty()).status() == 200
            && post(rig, "/sticky", "none", 100, Optional.empty())
                .servedBy()
                .startsWith("sticky-"));
  }

  @AfterAll
  static void remove(Rig rig) {
    rig.remove(SESSIONS);
  }

  /** Also where hosts can be ejected: nothing behind the session's filter chooses another host. */
  @ParameterizedTest
  @CsvSource({
    "sticky, sticky, 100",
    "sticky, sticky, " + LARGE,
    "sticky-eject, sticky-eject, 100",
    "sticky-eject, sticky-eject, " + LARGE,
  })
  void cookieCountsMoreThanThePick(String model, String pool, int bytes, Rig rig) {
    rig.picker(pool + "-epp").name(rig.pod(pool + "-0").toString());
    Answer first = post(rig, CHAT, model, bytes, Optional.empty());
    assertThat(first.servedBy()).as(first.toString()).isEqualTo(pool + "-0");
    String cookie = cookie(first).orElseThrow();
    assertThat(decoded(cookie)).contains(rig.pod(pool + "-0").toString());
    rig.picker(pool + "-epp").name(rig.pod(pool + "-1").toString());
    for (int size : new int[] {100, LARGE}) {
      Answer next = post(rig, CHAT, model, size, Optional.of(cookie));
      assertThat(next.servedBy()).as("with %d bytes: %s", size, next).isEqualTo(pool + "-0");
      assertThat(cookie(next)).isEmpty();
    }
    rig.picker(pool + "-epp")
        .saw(calls -> assertThat(calls.getLast().served())
            .as("the picker is told")
            .isEqualTo(rig.pod(pool + "-0").toString()));
    assertThat(post(rig, CHAT, model, bytes, Optional.empty()).servedBy()).isEqualTo(pool + "-1");
  }

  @Test
  void withoutAModel(Rig rig) {
    rig.picker("sticky-epp").name(rig.pod("sticky-1").toString());
    String cookie = cookie(post(rig, "/sticky", "none", 100, Optional.empty())).orElseThrow();
    rig.picker("sticky-epp").name(rig.pod("sticky-0").toString());
    assertThat(post(rig, "/sticky", "none", 100, Optional.of(cookie)).servedBy())
        .isEqualTo("sticky-1");
  }

  @Test
  void byHeader(Rig rig) {
    rig.picker("sticky-epp").name(rig.pod("sticky-0").toString());
    for (int bytes : new int[] {100, LARGE}) {
      Answer first = post(rig, CHAT, "by-header", bytes, Optional.empty());
      String session = first.response().headers().firstValue("s-by-header").orElseThrow();
      assertThat(decoded(session)).contains(rig.pod("sticky-0").toString());
      rig.picker("sticky-epp").name(rig.pod("sticky-1").toString());
      Answer next =
          Client.send(request(rig, CHAT, "by-header", bytes).header("s-by-header", session));
      assertThat(next.servedBy()).as(next.toString()).isEqualTo("sticky-0");
      rig.picker("sticky-epp").name(rig.pod("sticky-0").toString());
    }
  }

  /** A session of a pod that is gone. */
  @ParameterizedTest
  @CsvSource({"sticky, 100", "sticky-eject, " + LARGE})
  void staleSessionGetsANewOne(String pool, int bytes, Rig rig) {
    rig.picker(pool + "-epp").name(rig.pod(pool + "-1").toString());
    String gone = "s-" + pool + "=\""
        + Base64.getEncoder().encodeToString("127.0.10.99:8000".getBytes(US_ASCII)) + "\"";
    Answer answer = post(rig, CHAT, pool, bytes, Optional.of(gone));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(decoded(cookie(answer).orElseThrow()))
        .contains(rig.pod(answer.servedBy()).toString());
  }

  /** Two Services of a stock gateway are one cluster; two pools are not. */
  @Test
  void poolsThatShareARuleKeepNoSession(Rig rig) {
    for (int bytes : new int[] {100, LARGE}) {
      Answer answer = post(rig, CHAT, "two", bytes, Optional.empty());
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.response().headers().map()).doesNotContainKey("set-cookie");
    }
  }

  private static HttpRequest.Builder request(Rig rig, String path, String model, int bytes) {
    return Client.json(rig.url(HTTP, path))
        .POST(BodyPublishers.ofByteArray(Client.body(model, bytes)));
  }

  private static Answer post(
      Rig rig, String path, String model, int bytes, Optional<String> cookie) {
    HttpRequest.Builder request = request(rig, path, model, bytes);
    cookie.ifPresent(value -> request.header("cookie", value));
    return Client.send(request);
  }

  private static Optional<String> cookie(Answer answer) {
    return answer.response().headers().firstValue("set-cookie").map(set -> set.split(";", 2)[0]);
  }

  /** The value of a cookie or of a session's header. */
  private static String decoded(String session) {
    String value = session.substring(session.indexOf("=\"") + 1).replace("\"", "");
    return new String(Base64.getDecoder().decode(value), US_ASCII);
  }
}
