package dev.pointsman.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.rig.RecordedCalls;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The paths of the page: who may ask, and nothing secret for those who may. */
class PageRoutesTest extends ServerFixture {
  private static final List<String> PATHS = List.of(
      "/",
      "/app.js",
      "/debug/topology",
      "/debug/changes",
      "/debug/xds",
      "/debug/explain",
      "/debug/recording");

  /** The first lines of the response to a request with these headers, until it ends or is a stream. */
  private static String request(int port, String line, String... headers) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      return new String(send(socket, line, headers).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static InputStream send(Socket socket, String line, String... headers)
      throws IOException {
    String head = line + " HTTP/1.1\r\nconnection: close\r\n" + String.join("\r\n", headers)
        + (headers.length == 0 ? "" : "\r\n") + "\r\n";
    socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
    return socket.getInputStream();
  }

  @Test
  void anotherNameOfTheHostGetsNothing() throws Exception {
    try (PointsmanServer server = TestServer.over(resources).start()) {
      int port = server.ports().admin();
      for (String path : PATHS) {
        assertThat(request(port, "GET " + path, "host: evil.example.com"))
            .as(path)
            .contains(" 403 ")
            .contains("kubectl port-forward");
        assertThat(request(port, "GET " + path, "host: localhost", "sec-fetch-site: cross-site"))
            .as(path + " for a page of another origin")
            .contains(" 403 ");
      }
      assertThat(request(port, "GET /healthz", "host: 10.0.0.1:8080")).contains(" 200 ");
    }
  }

  @Test
  void aNameThatTheOperatorAllowsGetsThePage() throws Exception {
    try (PointsmanServer server =
        TestServer.over(resources).pageHosts("pointsman.example.com").start()) {
      int port = server.ports().admin();
      assertThat(request(port, "GET /debug/topology", "host: Pointsman.example.com:8080"))
          .contains(" 200 ");
      assertThat(request(port, "GET /debug/topology", "host: other.example.com"))
          .contains(" 403 ");
      assertThat(request(port, "GET /debug/recording", "host: pointsman.example.com:8080"))
          .as("a recording, for this host alone")
          .contains(" 403 ")
          .doesNotContain("--page-host");
    }
  }

  @Test
  void onlyTheQuestionMayBePosted() throws Exception {
    try (PointsmanServer server = TestServer.over(resources).start()) {
      int port = server.ports().admin();
      for (String path : List.of("/", "/debug/topology", "/debug/changes", "/debug/xds")) {
        for (String method : List.of("POST", "PUT", "DELETE", "PATCH")) {
          assertThat(request(port, method + " " + path, "host: localhost", "content-length: 0"))
              .as(method + " " + path)
              .contains(" 405 ");
        }
      }
      assertThat(request(port, "POST /debug/explain", "host: localhost", "content-length: 0"))
          .as("a form of another page")
          .contains(" 415 ");
      assertThat(request(
              port, "GET /debug/topology", "host: localhost", "origin: http://evil.example"))
          .contains(" 403 ");
      assertThat(
              request(port, "GET /debug/topology", "host: localhost", "origin: http://localhost"))
          .contains(" 200 ");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/PageOverview.class",
        "/../page/app.js",
        "/%2e%2e/page/app.js",
        "/package-info.class",
        "/LICENSE",
        "/app.js/",
        "/nothing.js",
        "/debug/",
        "/debug/nothing",
        "/debug/xds?kind=cluster&name=x",
        "/debug/xds?kind=secret&name=x"
      })
  void otherPathsAreNotFound(String path) throws Exception {
    try (PointsmanServer server = TestServer.over(resources).start()) {
      assertThat(request(server.ports().admin(), "GET " + path, "host: localhost"))
          .contains(" 404 ");
    }
  }

  @Test
  void thePageMayLoadFromItsOwnServerAlone() throws Exception {
    try (PointsmanServer server = TestServer.over(resources).start()) {
      assertThat(request(server.ports().admin(), "GET /", "host: localhost").toLowerCase())
          .contains("content-security-policy: default-src 'none'; script-src 'self';")
          .contains("frame-ancestors 'none'")
          .contains("x-content-type-options: nosniff")
          .contains("cache-control: no-store");
    }
  }

  @Test
  void aTranslationIsAnEventAndListenersAreLimited() throws Exception {
    List<Socket> listeners = new ArrayList<>();
    try (PointsmanServer server = TestServer.over(resources).start()) {
      int port = server.ports().admin();
      for (int i = 0; i < 16; i++) {
        listeners.add(new Socket("127.0.0.1", port));
        listeners.getLast().setSoTimeout(10_000);
      }
      List<BufferedReader> events = new ArrayList<>();
      for (Socket listener : listeners) {
        events.add(new BufferedReader(new InputStreamReader(
            send(listener, "GET /debug/changes", "host: localhost"), StandardCharsets.UTF_8)));
        assertThat(nextEvent(events.getLast())).isPositive();
      }
      assertThat(request(port, "GET /debug/changes", "host: localhost")).contains(" 503 ");
      long before = version(port);
      try (RecordedCalls calls = new RecordedCalls(server.ports().grpc())) {
        var _ = calls.play(Path.of("testdata/translate/pool-v1"));
      }
      assertThat(nextEvent(events.getFirst())).isGreaterThan(before);
    } finally {
      for (Socket listener : listeners) {
        listener.close();
      }
    }
  }

  private static long nextEvent(BufferedReader events) throws IOException {
    for (String line = events.readLine(); line != null; line = events.readLine()) {
      if (line.startsWith("data: ")) {
        return Long.parseLong(line.substring("data: ".length()));
      }
    }
    throw new IOException("the stream has ended");
  }

  private static long version(int port) throws Exception {
    return JsonMapper.shared()
        .readTree(http(port, "/debug/topology").body())
        .path("version")
        .asLong();
  }

  /** Recordings with digests, password hashes, API keys, and tokens of loops. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "policy-explain",
        "tenants-basic-auth",
        "auth-api-key-on-one-model",
        "policy-fallback",
        "policy-mirrors-several-and-service",
        "tracing-opentelemetry"
      })
  void noSecretIsShown(String recording) throws Exception {
    try (PointsmanServer server = TestServer.over(resources).start();
        RecordedCalls calls = new RecordedCalls(server.ports().grpc())) {
      PostTranslateModifyResponse answer = calls.play(Path.of("testdata/translate", recording));
      StringBuilder sent = new StringBuilder();
      answer.getRoutesList().forEach(bytes -> sent.append(bytes.toStringUtf8()));
      answer.getListenersList().forEach(bytes -> sent.append(bytes.toStringUtf8()));
      TreeSet<String> secrets = new TreeSet<>();
      Pattern.compile(
              "(?<![0-9a-f])(?:[0-9a-f]{32}|[0-9a-f]{64})(?![0-9a-f])|\\{SHA}[A-Za-z0-9+/=]+")
          .matcher(sent)
          .results()
          .forEach(found -> secrets.add(found.group()));
      String shown = everything(server.ports().admin());
      assertThat(shown).hasSizeGreaterThan(5_000).contains("HTTPRoute");
      assertThat(secrets).as("secrets in the answer").isNotEmpty().allSatisfy(secret -> {
        // The name of a loop's socket has a digest of public names.
        assertThat(shown.replaceAll("/dev/shm/pointsman-[0-9a-f]{32}", "")).doesNotContain(secret);
      });
    }
  }

  private static String everything(int port) throws Exception {
    String topology = http(port, "/debug/topology").body();
    StringBuilder all = new StringBuilder(topology);
    JsonNode names = JsonMapper.shared().readTree(http(port, "/debug/xds").body());
    names
        .properties()
        .forEach(kind -> kind.getValue().forEach(name -> {
          try {
            all.append(http(
                    port,
                    "/debug/xds?kind=" + kind.getKey() + "&name="
                        + URLEncoder.encode(name.asString(), StandardCharsets.UTF_8))
                .body());
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        }));
    return all.toString();
  }
}
