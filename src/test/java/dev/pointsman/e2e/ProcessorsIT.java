package dev.pointsman.e2e;

import static dev.pointsman.e2e.Client.CHAT;
import static dev.pointsman.e2e.Client.HTTP;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.config.HostPort;
import dev.pointsman.e2e.Client.Answer;
import dev.pointsman.rig.Guard;
import dev.pointsman.rig.Guard.GuardedRequest;
import dev.pointsman.rig.Rig;
import dev.pointsman.rig.Scenario;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A user's own processor in front of models sees every body, of any size: padding does not lead past it. */
@EndToEnd
class ProcessorsIT {
  private static final Scenario PROCESSORS = Scenario.read(Path.of("testdata/e2e-processors"));
  private static final int MIB = 1 << 20;

  private static Guard guard;
  private static Guard duplex;

  @BeforeAll
  static void add(Rig rig) throws IOException {
    guard = Guard.start(new HostPort("127.0.10.31", 9100), false);
    duplex = Guard.start(new HostPort("127.0.10.32", 9100), true);
    rig.addAndAwait(PROCESSORS);
    for (String model : List.of("guard-pool", "guard-backend", "guard-whole", "guard-duplex")) {
      await(model)
          .atMost(Duration.ofSeconds(30))
          .until(() -> post(rig, CHAT, forbidden(model, 200)).status() == 403);
    }
  }

  @AfterAll
  static void remove(Rig rig) {
    rig.remove(PROCESSORS);
    guard.close();
    duplex.close();
  }

  @ParameterizedTest
  @CsvSource({
    "guard-pool, /v1/chat/completions, 200",
    "guard-pool, /v1/chat/completions, 3000000",
    "guard-pool, /v1/chat/completions, 5000000",
    "guard-pool, /v1/chat/completions, 15000000",
    "guard-backend, /v1/chat/completions, 200",
    "guard-backend, /v1/chat/completions, 9000000",
    "guard-duplex, /v1/chat/completions, 200",
    "guard-duplex, /v1/chat/completions, 9000000",
    "guard-plain, /guarded/chat, 200",
    "guard-plain, /guarded/chat, 9000000",
    "guard-whole, /v1/chat/completions, 3000000",
    "guard-whole-backend, /v1/chat/completions, 3000000",
  })
  void seesEveryBodyInPieces(String model, String path, int bytes, Rig rig) throws Exception {
    Guard asked = model.equals("guard-duplex") ? duplex : guard;
    int before = asked.seen().size();
    byte[] body = Client.body(model, bytes);
    Answer answer = post(rig, path, body);
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    assertThat(answer.report().path("body_bytes").asInt()).isEqualTo(bytes);
    assertThat(answer.report().path("body_sha256").asString())
        .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body)));
    List<GuardedRequest> seen = asked.seen().subList(before, asked.seen().size());
    assertThat(seen)
        .extracting(GuardedRequest::bytes)
        .as("once, and all of it")
        .containsExactly((long) bytes);
    assertThat(seen.getFirst().largest()).isLessThan(4 * MIB);
    assertThat(post(rig, path, forbidden(model, bytes)).status()).isEqualTo(403);
  }

  /** A message above its limit fails it, and it fails open: the request must not pass. */
  @ParameterizedTest
  @CsvSource({"guard-whole, 5000000", "guard-whole-backend, 5000000", "guard-whole, 15000000"})
  void largeBodyThatItCannotTakeIsRefused(String model, int bytes, Rig rig) {
    assertThat(post(rig, CHAT, forbidden(model, bytes)).status()).isEqualTo(500);
    assertThat(post(rig, CHAT, Client.body(model, bytes)).servedBy()).isEmpty();
  }

  private static byte[] forbidden(String model, int bytes) {
    String body = new String(Client.body(model, bytes), US_ASCII);
    int at = body.lastIndexOf("\"}]") - Guard.FORBIDDEN.length();
    return (body.substring(0, at) + Guard.FORBIDDEN + body.substring(at + Guard.FORBIDDEN.length()))
        .getBytes(US_ASCII);
  }

  private static Answer post(Rig rig, String path, byte[] body) {
    return Client.send(Client.json(rig.url(HTTP, path)).POST(BodyPublishers.ofByteArray(body)));
  }
}
