package dev.pointsman.e2e;

import static dev.pointsman.e2e.Client.CHAT;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.e2e.Client.Answer;
import dev.pointsman.rig.Rig;
import dev.pointsman.rig.Scenario;
import dev.pointsman.rig.WebToken;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A hostname that namespaces share. Whatever {@code evil} adds later, on paths of {@code good}'s and with tokens for the
 * model's header, {@code good}'s clients get what they got before. On a listener that asks for tokens, our own answers
 * ask for them too.
 */
@EndToEnd
class SharedHostIT {
  private static final Scenario GOOD = Scenario.read(Path.of("testdata/e2e-shared"));
  private static final Scenario EVIL = Scenario.read(Path.of("testdata/e2e-shared-evil"));
  private static final int SHARED = 10084;
  private static final int TOKENS = 10085;
  private static final int MIB = 1 << 20;
  private static final int LIMIT_MS = 20_000;
  private static final String PASSWORD =
      "Basic " + Base64.getEncoder().encodeToString("alice:secret".getBytes(US_ASCII));

  @BeforeAll
  static void add(Rig rig) {
    rig.addAndAwait(GOOD);
    await("good's models")
        .atMost(Duration.ofSeconds(30))
        .until(() -> chat(rig, SHARED, "/v1", "good", PASSWORD).status() == 200
            && chat(rig, TOKENS, CHAT, "normal", WebToken.bearer("")).status() == 200);
    rig.addAndAwait(EVIL);
    await("evil's models")
        .atMost(Duration.ofSeconds(30))
        .until(() -> chat(rig, SHARED, "/files", "evil", "").servedBy().equals("evil-0"));
  }

  @AfterAll
  static void remove(Rig rig) {
    rig.remove(EVIL);
    rig.remove(GOOD);
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/json", "application/octet-stream"})
  void goodsLargeUploadsPass(String contentType, Rig rig) {
    byte[] body = Client.body("evil", 30 * MIB);
    for (BodyPublisher published : new BodyPublisher[] {
      BodyPublishers.ofByteArray(body),
      BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))
    }) {
      Answer answer = Client.send(HttpRequest.newBuilder(rig.url(SHARED, "/files"))
          .header("content-type", contentType)
          .header("x-stub-report", "yes")
          .POST(published));
      assertThat(answer.servedBy()).as(answer.toString()).isEqualTo("good-0");
      assertThat(answer.report().path("body_bytes").asInt()).isEqualTo(body.length);
    }
  }

  /** The pod sends back what it has while the client has not sent the rest. */
  @Test
  void goodsUploadsAreNotHeldBack(Rig rig) throws Exception {
    try (Socket socket = new Socket("127.0.0.1", SHARED)) {
      socket.setSoTimeout(LIMIT_MS);
      OutputStream out = socket.getOutputStream();
      out.write(("POST /files/upload HTTP/1.1\r\nhost: x\r\ncontent-type: application/json"
              + "\r\ntransfer-encoding: chunked\r\n\r\n10\r\n{\"model\":\"evil\",\r\n")
          .getBytes(US_ASCII));
      InputStream in = socket.getInputStream();
      assertThat(Client.readUntil(in, "{\"model\":\"evil\","))
          .startsWith("HTTP/1.1 200")
          .contains("x-served-by: good-0");
      out.write("5\r\n\"b\":1\r\n1\r\n}\r\n0\r\n\r\n".getBytes(US_ASCII));
      assertThat(Client.readUntil(in, "0\r\n\r\n")).contains("}");
    }
  }

  @Test
  void goodsModelsStayBehindTheirPassword(Rig rig) {
    assertThat(chat(rig, SHARED, "/v1", "good", PASSWORD).servedBy()).isEqualTo("good-0");
    assertThat(chat(rig, SHARED, "/v1", "good", "").status()).isEqualTo(401);
    assertThat(chat(rig, SHARED, "/v1", "everywhere", PASSWORD).error())
        .as("the younger route, which has no password")
        .isEqualTo("invalid_backend");
    assertThat(chat(rig, SHARED, "/elsewhere", "everywhere", "").error())
        .isEqualTo("invalid_backend");
  }

  @Test
  void noTokenSetsAModelNorTakesItAway(Rig rig) {
    String token = WebToken.bearer("\"model\":\"good\"");
    Answer own = Client.send(HttpRequest.newBuilder(rig.url(SHARED, "/evil"))
        .header("authorization", token)
        .header("x-stub-report", "yes"));
    assertThat(own.servedBy()).as(own.toString()).isEqualTo("evil-0");
    assertThat(own.reached("x-gateway-model-name")).isEmpty();
    assertThat(chat(rig, SHARED, "/files", "evil", "").reached("x-gateway-model-name"))
        .as("although the listener has a filter that reads tokens")
        .isEqualTo("evil");
  }

  @Test
  void modelsAreListedOnlyWithAToken(Rig rig) {
    Answer list = Client.send(HttpRequest.newBuilder(rig.url(TOKENS, "/v1/models")));
    assertThat(list.status()).isEqualTo(401);
    assertThat(list.response().body()).doesNotContain("normal");
    Answer unknown = chat(rig, TOKENS, CHAT, "unknown", "");
    assertThat(unknown.status()).isEqualTo(401);
    assertThat(unknown.response().body()).doesNotContain("normal");
    assertThat(
            chat(rig, TOKENS, CHAT, "unknown", WebToken.bearer("")).response().body())
        .contains("Models here: ", "normal");
    assertThat(Client.send(HttpRequest.newBuilder(rig.url(TOKENS, "/v1/models"))
                .header("authorization", WebToken.bearer("")))
            .response()
            .body())
        .contains("\"normal\"", "\"large\"");
  }

  @Test
  void aRuleThatMatchesAClaimIsChosenOnceTheTokenHasBeenRead(Rig rig) {
    Answer gold = chat(rig, TOKENS, CHAT, "large", WebToken.bearer("\"tier\":\"gold\""));
    assertThat(gold.servedBy()).as(gold.toString()).isEqualTo("token-0");
    assertThat(gold.reached("x-tier")).isEqualTo("gold");
    assertThat(chat(rig, TOKENS, CHAT, "large", WebToken.bearer("\"tier\":\"tin\""))
            .error())
        .isEqualTo("model_not_found");
  }

  private static Answer chat(
      Rig rig, int listener, String path, String model, String authorization) {
    HttpRequest.Builder request =
        Client.json(rig.url(listener, path)).POST(BodyPublishers.ofString(Client.body(model)));
    return Client.send(
        authorization.isEmpty() ? request : request.header("authorization", authorization));
  }
}
