package dev.pointsman.e2e;

import static dev.pointsman.e2e.Client.CHAT;
import static dev.pointsman.e2e.Client.HTTP;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.rig.Http;
import dev.pointsman.rig.KeepAlive;
import dev.pointsman.rig.PickerHandle;
import dev.pointsman.rig.Rig;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing is held back that can be passed on, and traffic without models is left alone. */
@EndToEnd
class StreamsIT {
  private static final int LIMIT_MS = 20_000;

  /** The pod goes on only after the client has told it, so what comes before cannot have been held back. */
  @Test
  void eventsArriveOneByOne(Rig rig) throws Exception {
    HttpResponse<InputStream> response = held(rig);
    assertThat(response.headers().firstValue("content-type")).contains("text/event-stream");
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(response.body(), US_ASCII))) {
      String first = lines.readLine();
      assertThat(first).startsWith("data: {").contains("\"I \"");
      rig.tell("deepseek-r1-0", "release");
      List<Long> arrivals = new ArrayList<>();
      String last = first;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isEmpty()) {
          arrivals.add(System.nanoTime());
          last = line;
        }
      }
      assertThat(last).isEqualTo("data: [DONE]");
      System.out.println("events after the first, ms apart: " + gaps(arrivals));
    }
  }

  /** Envoy's default limit for a whole answer is 15 s, and the rule sets none. */
  @Test
  void anAnswerMayTakeLongerThanEnvoysDefault(Rig rig) throws Exception {
    HttpResponse<InputStream> response = held(rig);
    Thread.sleep(Duration.ofSeconds(16)); // the time itself is the case
    rig.tell("deepseek-r1-0", "release");
    assertThat(new String(response.body().readAllBytes(), US_ASCII).strip())
        .endsWith("data: [DONE]");
  }

  /** A stream of events that the pod holds after the first until it is told to go on. */
  private static HttpResponse<InputStream> held(Rig rig) {
    String body = "{\"stream\": true, \"messages\": [], \"model\": \"deepseek-r1\"}";
    return Http.send(
        Client.json(rig.url(HTTP, CHAT))
            .header("x-stub-hold", "yes")
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofInputStream());
  }

  private static List<Long> gaps(List<Long> nanos) {
    List<Long> gaps = new ArrayList<>();
    for (int i = 1; i < nanos.size(); i++) {
      gaps.add(TimeUnit.NANOSECONDS.toMillis(nanos.get(i) - nanos.get(i - 1)));
    }
    return gaps;
  }

  /** The pod sends back what it has while the client has not sent the rest; JSON too, with a field named model. */
  @ParameterizedTest
  @ValueSource(strings = {"application/octet-stream", "application/json"})
  void uploadOfOthersIsNotBuffered(String contentType, Rig rig) throws Exception {
    try (Socket socket = new Socket("127.0.0.1", HTTP)) {
      socket.setSoTimeout(LIMIT_MS);
      OutputStream out = socket.getOutputStream();
      out.write(("POST /web/upload HTTP/1.1\r\nhost: x\r\ncontent-type: " + contentType
              + "\r\ntransfer-encoding: chunked\r\n\r\n10\r\n{\"model\":\"qwen\",\r\n")
          .getBytes(US_ASCII));
      InputStream in = socket.getInputStream();
      String sofar = Client.readUntil(in, "{\"model\":\"qwen\",");
      assertThat(sofar).startsWith("HTTP/1.1 200").contains("x-served-by: legacy-0");
      out.write("5\r\n\"b\":1\r\n1\r\n}\r\n0\r\n\r\n".getBytes(US_ASCII));
      assertThat(Client.readUntil(in, "0\r\n\r\n")).contains("}");
    }
  }

  @Test
  void trafficOfOthersIsNotChanged(Rig rig) {
    Client.Answer answer = Client.send(Client.json(rig.url(HTTP, "/web/api?x=1"))
        .header("x-own", "kept")
        .POST(BodyPublishers.ofString(Client.body("qwen"))));
    assertThat(answer.servedBy()).isEqualTo("legacy-0");
    assertThat(answer.reached("x-own")).isEqualTo("kept");
    assertThat(answer.reached("content-length")).isNotEmpty();
    assertThat(answer.reached("x-gateway-model-name")).isEmpty();
    assertThat(answer.report().path("path").asString()).isEqualTo("/web/api");
  }

  /** Also to a pool, whose picker would have to see the whole body first, and where JSON is read for models. */
  @ParameterizedTest
  @CsvSource({
    "/web/ws, text/plain",
    "/web/ws, application/json",
    "/pool/ws, text/plain",
    "/pool/ws, application/json"
  })
  void websocket(String path, String contentType, Rig rig) throws Exception {
    CompletableFuture<String> echoed = new CompletableFuture<>();
    try (HttpClient client = HttpClient.newHttpClient()) {
      WebSocket socket = client
          .newWebSocketBuilder()
          .header("content-type", contentType)
          .buildAsync(URI.create("ws://127.0.0.1:" + HTTP + path), new WebSocket.Listener() {
            @Override
            public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
              echoed.complete(text.toString());
              from.request(1);
              return CompletableFuture.completedFuture(null);
            }
          })
          .get(LIMIT_MS, TimeUnit.MILLISECONDS);
      socket.sendText("hello", true);
      assertThat(echoed.get(LIMIT_MS, TimeUnit.MILLISECONDS)).isEqualTo("hello");
      socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(LIMIT_MS, TimeUnit.MILLISECONDS);
      socket.abort(); // closing the client would wait for the other side's close
    }
  }

  /** An upgrade has no model, whatever a client says in the header that only the gateway sets. */
  @ParameterizedTest
  @ValueSource(strings = {"", "qwen"})
  void websocketWithoutARouteIsNotFound(String model, Rig rig) throws Exception {
    try (KeepAlive connection = new KeepAlive(HTTP)) {
      List<String> upgrade = new ArrayList<>(List.of(
          "connection: Upgrade",
          "upgrade: websocket",
          "sec-websocket-version: 13",
          "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ=="));
      if (!model.isEmpty()) {
        upgrade.add("x-gateway-model-name: " + model);
      }
      connection.send("GET", "127.0.0.1", upgrade, new byte[0]);
      assertThat(connection.read("GET").status()).isEqualTo(404);
    }
  }

  /** A header alone makes no upgrade: such a request meets the picker as every other. */
  @Test
  void requestThatOnlyNamesAnUpgradeMeetsThePicker(Rig rig) throws Exception {
    PickerHandle picker = rig.picker("qwen-ext-proc");
    int before = picker.calls().size();
    try (KeepAlive connection = new KeepAlive(HTTP)) {
      byte[] body = Client.body("qwen").getBytes(US_ASCII);
      connection.send(
          "POST",
          "127.0.0.1",
          List.of("upgrade: websocket", "content-length: " + body.length),
          body);
      assertThat(connection.read("POST").status()).isEqualTo(200);
    }
    picker.saw(calls -> assertThat(calls).hasSize(before + 1));
  }
}
