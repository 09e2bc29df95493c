package dev.pointsman.e2e;

import static dev.pointsman.e2e.Client.HTTP;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.pointsman.config.HostPort;
import dev.pointsman.rig.KeepAlive;
import dev.pointsman.rig.LoopSocket;
import dev.pointsman.rig.Rig;
import dev.pointsman.rig.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The loop for large bodies is seldom taken, leads where the front has decided, and lets in nobody else. */
@EndToEnd
class LoopIT {
  private static final Scenario TENANTS = Scenario.read(Path.of("testdata/e2e-tenants"));
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String TABLE = "default/e2e/http";
  private static final String GOOD = "good.example.com";
  private static final String EVIL = "evil.example.com";
  private static final String TOKEN = "x-pointsman-route";
  private static final int LARGE = 5 << 20;

  /** The headers that the authorizer of namespace evil sets. */
  private static final Map<String, String> FORGED = new HashMap<>();

  private static HttpServer authorizer;

  @BeforeAll
  static void add(Rig rig) throws IOException {
    authorizer = HttpServer.create(new HostPort("127.0.8.13", 8000).socketAddress(), 0);
    authorizer.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    authorizer.createContext("/", exchange -> {
      FORGED.forEach(exchange.getResponseHeaders()::set);
      exchange.sendResponseHeaders(200, -1);
      exchange.close();
    });
    authorizer.start();
    rig.addAndAwait(TENANTS);
    await("the routes")
        .atMost(LIMIT)
        .until(() -> status(EVIL, "evil") == 200 && status(GOOD, "chat") == 401);
  }

  @AfterAll
  static void remove(Rig rig) {
    rig.remove(TENANTS);
    authorizer.stop(0);
  }

  @AfterEach
  void harmless(Rig rig) {
    FORGED.clear();
    rig.tell("retried-0", "fault?status=0");
    rig.picker("retried-epp").chooseAgain();
  }

  /** Its filter runs after the route was chosen; a second choice would lead past the other tenant's JWT. */
  @ParameterizedTest
  @ValueSource(ints = {1 << 10, LARGE})
  void anotherTenantsAuthorizerDoesNotChooseTheRoute(int bytes, Rig rig) throws IOException {
    FORGED.put("host", GOOD);
    FORGED.put("x-gateway-model-name", "chat");
    FORGED.put(TOKEN, tokenOf(rig, "httproute/good/good/"));
    int before = asked(rig, "good-0");
    try (KeepAlive client = new KeepAlive(HTTP)) {
      KeepAlive.Answer answer = client.postChunked(EVIL, Client.body("evil", bytes));
      assertThat(answer.servedBy()).as(answer.toString()).isEqualTo("evil-0");
      JsonNode headers =
          JsonMapper.shared().readTree(answer.body()).path("stub").path("headers");
      assertThat(headers.path("x-gateway-model-name").asString())
          .as("the authorizer's headers were taken")
          .isEqualTo("chat");
    }
    assertThat(asked(rig, "good-0")).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(ints = {1 << 10, LARGE})
  void protectedRouteStaysProtected(int bytes, Rig rig) throws IOException {
    int before = asked(rig, "good-0");
    try (KeepAlive client = new KeepAlive(HTTP)) {
      assertThat(client.postChunked(GOOD, Client.body("chat", bytes)).status()).isEqualTo(401);
    }
    assertThat(asked(rig, "good-0")).isEqualTo(before);
  }

  /** All other headers of the forged request are right. */
  @Test
  void processBesideTheProxyNeedsTheToken(Rig rig) {
    LoopSocket socket = LoopSocket.ofLargeBodies(rig.envoy(), TABLE);
    String token = tokenOf(rig, "httproute/good/good/");
    int before = asked(rig, "good-0");
    assertThat(socket.post(GOOD, Map.of("x-gateway-model-name", "chat"), Client.body("chat")))
        .isEqualTo(404);
    assertThat(socket.post(
            GOOD,
            Map.of("x-gateway-model-name", "chat", TOKEN, "0".repeat(token.length())),
            Client.body("chat")))
        .isEqualTo(404);
    assertThat(asked(rig, "good-0")).isEqualTo(before);
    assertThat(socket.post(GOOD, Map.of(TOKEN, token), Client.body("chat")))
        .as("that it is the token which opens")
        .isEqualTo(200);
    assertThat(asked(rig, "good-0")).isEqualTo(before + 1);
  }

  @Test
  void tokenOpensItsOwnRouteAlone(Rig rig) {
    LoopSocket socket = LoopSocket.ofLargeBodies(rig.envoy(), TABLE);
    int good = asked(rig, "good-0");
    int evil = asked(rig, "evil-0");
    Map<String, String> forged =
        Map.of("x-gateway-model-name", "chat", TOKEN, tokenOf(rig, "httproute/evil/evil/"));
    assertThat(socket.post(GOOD, forged, Client.body("chat"))).isEqualTo(200);
    assertThat(asked(rig, "good-0")).isEqualTo(good);
    assertThat(asked(rig, "evil-0")).isEqualTo(evil + 1);
    assertThat(LoopSocket.tokens(rig.envoy(), TABLE).values()).doesNotHaveDuplicates();
  }

  @Test
  void socketIsForTheProxysUserAlone(Rig rig) throws IOException {
    Path socket = LoopSocket.ofLargeBodies(rig.envoy(), TABLE).path();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
        .isEqualTo("rw-------");
  }

  @Test
  void tokenStaysInTheProxy(Rig rig) throws IOException {
    try (KeepAlive client = new KeepAlive(HTTP)) {
      KeepAlive.Answer answer =
          client.postChunked(EVIL, Client.body("evil", LARGE), TOKEN + ": of the client's");
      assertThat(answer.servedBy()).isEqualTo("evil-0");
      assertThat(answer.body()).doesNotContain(TOKEN);
      assertThat(answer.headers()).doesNotContainKey(TOKEN);
    }
  }

  /** Nothing but a body that is really large takes it, each on a connection of its own. */
  @Test
  void loopIsTakenByLargeBodiesAlone(Rig rig) throws IOException {
    long requests = loop(rig, "upstream_rq_total");
    try (KeepAlive client = new KeepAlive(HTTP)) {
      for (int bytes : new int[] {100, 200 << 10, 3_999_999}) {
        assertThat(client.postChunked(EVIL, Client.body("evil", bytes)).status())
            .isEqualTo(200);
        assertThat(client.post(EVIL, Client.body("evil", bytes)).status()).isEqualTo(200);
      }
      assertThat(loop(rig, "upstream_rq_total")).isEqualTo(requests);
      for (int bytes : new int[] {4_000_000, LARGE, 9 << 20}) {
        assertThat(client.postChunked(EVIL, Client.body("evil", bytes)).status())
            .isEqualTo(200);
        assertThat(client.post(EVIL, Client.body("evil", bytes)).status()).isEqualTo(200);
      }
    }
    assertThat(loop(rig, "upstream_rq_total")).isEqualTo(requests + 6);
    assertThat(loop(rig, "upstream_cx_total")).isEqualTo(loop(rig, "upstream_rq_total"));
  }

  /** Behind the loop, with its body whole, and with the prefix of its path replaced. */
  @Test
  void largeBodyIsRetried(Rig rig) throws IOException {
    rig.picker("retried-epp").name(rig.pod("retried-0") + "," + rig.pod("retried-1"));
    rig.tell("retried-0", "fault?status=503");
    int before = asked(rig, "retried-0");
    byte[] body = Client.body("retried", LARGE);
    try (KeepAlive client = new KeepAlive(HTTP)) {
      client.send(
          "POST",
          "/team/chat/completions",
          "retried.example.com",
          List.of("content-length: " + body.length),
          body);
      KeepAlive.Answer answer = client.read("POST");
      assertThat(answer.servedBy()).as(answer.toString()).isEqualTo("retried-1");
      JsonNode stub = JsonMapper.shared().readTree(answer.body()).path("stub");
      assertThat(stub.path("body_bytes").asInt()).isEqualTo(body.length);
      assertThat(stub.path("path").asString()).isEqualTo(Client.CHAT);
    }
    assertThat(asked(rig, "retried-0")).isEqualTo(before + 1);
  }

  /** The script that honours ejection changes headers, on which Envoy must not choose a route again. */
  @Test
  void largeBodyForARuleThatEjects(Rig rig) throws IOException {
    try (KeepAlive client = new KeepAlive(HTTP)) {
      assertThat(client.post("any", Client.body("eject", LARGE)).servedBy()).startsWith("eject-");
    }
  }

  private static int status(String host, String model) {
    try (KeepAlive client = new KeepAlive(HTTP)) {
      return client.post(host, Client.body(model).getBytes(US_ASCII)).status();
    } catch (IOException e) {
      return 0;
    }
  }

  private static String tokenOf(Rig rig, String route) {
    return LoopSocket.tokens(rig.envoy(), TABLE).entrySet().stream()
        .filter(token -> token.getKey().startsWith(route))
        .findFirst()
        .orElseThrow()
        .getValue();
  }

  private static long loop(Rig rig, String what) {
    return rig.envoy().stats("^cluster.pointsman.large.*" + what + "$").entrySet().stream()
        .filter(stat -> stat.getKey().contains("e2e/http."))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** Requests that it has taken. */
  private static int asked(Rig rig, String pod) {
    return JsonMapper.shared().readTree(rig.tell(pod, "count")).path("count").asInt();
  }
}
