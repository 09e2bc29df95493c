package dev.pointsman.e2e;

import static dev.pointsman.e2e.Client.CHAT;
import static dev.pointsman.e2e.Client.HTTPS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.e2e.Client.Answer;
import dev.pointsman.rig.PickerCall;
import dev.pointsman.rig.Rig;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies reach the right pod whole, however large they are and however they come. */
@EndToEnd
class BodiesIT {
  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;

  @Test
  void smallest(Rig rig) throws Exception {
    arrivesWhole(rig, "{\"model\":\"qwen\"}".getBytes(StandardCharsets.US_ASCII));
  }

  @ParameterizedTest
  @ValueSource(ints = {200 * KIB, 3 * MIB, 4_000_000, 4 * MIB, 5 * MIB, 9 * MIB, 15 * MIB})
  void modelLast(int bytes, Rig rig) throws Exception {
    arrivesWhole(rig, Client.body("qwen", bytes));
  }

  /** Bodies above gRPC's limit get through each time, not by chance. */
  @RepeatedTest(5)
  void severalLargeOnesAtOnce(Rig rig) throws Exception {
    List<Thread> threads = List.of(5, 9, 5).stream()
        .map(mib -> Thread.ofVirtual().unstarted(() -> {
          Answer answer =
              Client.chat(rig, BodyPublishers.ofByteArray(Client.body("qwen", mib * MIB)));
          assertThat(answer.report().path("body_bytes").asInt()).isEqualTo(mib * MIB);
        }))
        .toList();
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    for (Thread thread : threads) {
      thread.setUncaughtExceptionHandler((_, failure) -> failures.add(failure));
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
  }

  @Test
  void overTheLimitIsTooLarge(Rig rig) {
    Answer answer = Client.chat(rig, BodyPublishers.ofByteArray(Client.body("qwen", 21 * MIB)));
    assertThat(answer.status()).isEqualTo(413);
  }

  @Test
  void expectContinue(Rig rig) throws Exception {
    byte[] body = Client.body("qwen", 3 * MIB);
    Answer answer = Client.send(Client.json(rig.url(Client.HTTP, CHAT))
        .expectContinue(true)
        .POST(BodyPublishers.ofByteArray(body)));
    assertArrived(answer, body);
  }

  @ParameterizedTest
  @ValueSource(ints = {1 * KIB, 200 * KIB, 3 * MIB, 5 * MIB, 9 * MIB, 15 * MIB})
  void chunked(int bytes, Rig rig) throws Exception {
    byte[] body = Client.body("qwen", bytes);
    Answer answer =
        Client.chat(rig, BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));
    assertArrived(answer, body);
  }

  @ParameterizedTest
  @ValueSource(ints = {1 * KIB, 200 * KIB, 9 * MIB})
  void http2OverTls(int bytes, Rig rig) throws Exception {
    byte[] body = Client.body("qwen", bytes);
    URI uri = URI.create("https://localhost:" + HTTPS + CHAT);
    try (HttpClient client = HttpClient.newBuilder()
        .version(Version.HTTP_2)
        .sslContext(rig.certificate().trusting())
        .build()) {
      HttpResponse<String> response = client.send(
          Client.json(uri).POST(BodyPublishers.ofByteArray(body)).build(), BodyHandlers.ofString());
      assertThat(response.version()).isEqualTo(Version.HTTP_2);
      assertArrived(new Answer(response), body);
    }
  }

  private static void arrivesWhole(Rig rig, byte[] body) throws Exception {
    assertArrived(Client.chat(rig, BodyPublishers.ofByteArray(body)), body);
    rig.picker("qwen-ext-proc")
        .saw(calls -> assertThat(calls)
            .extracting(PickerCall::bodyBytes)
            .as("the picker saw it whole too")
            .contains((long) body.length));
  }

  private static void assertArrived(Answer answer, byte[] body) throws Exception {
    String sha256 =
        HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    assertThat(answer.servedBy()).startsWith("qwen-");
    assertThat(answer.report().path("body_bytes").asInt()).isEqualTo(body.length);
    assertThat(answer.report().path("body_sha256").asString()).isEqualTo(sha256);
  }
}
