package dev.pointsman.isolation;

import static dev.pointsman.isolation.Attack.headers;
import static dev.pointsman.isolation.Attack.mutation;
import static dev.pointsman.isolation.Attack.set;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.pointsman.rig.Await;
import dev.pointsman.rig.KeepAlive;
import dev.pointsman.rig.KeepAlive.Answer;
import dev.pointsman.rig.RealEnvoy;
import io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A picker and a pod of one tenant's cannot put an answer into the mouth of another's. Both tenants' clients come over
 * one connection, as from a front proxy.
 */
@Tag("envoy")
class HostilePickerEnvoyTest {
  private static final int LARGE = 5_000_000;
  private static final int PATIENCE_MS = 700;
  private static final Map<String, TwoTenants> RUNNING = new ConcurrentHashMap<>();

  @AfterAll
  static void stop() throws IOException {
    for (TwoTenants tenants : RUNNING.values()) {
      tenants.close();
    }
  }

  static Stream<String> versions() {
    return Stream.of(RealEnvoy.VERSIONS.getFirst(), RealEnvoy.VERSIONS.getLast());
  }

  static Stream<Arguments> attacks() {
    return versions()
        .flatMap(version -> Attack.all().stream().map(attack -> Arguments.of(version, attack)));
  }

  /** After each answer to a hostile tenant's client, two of another's get their own. */
  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("attacks")
  void nextClientGetsItsOwnAnswer(String version, Attack attack) throws Exception {
    TwoTenants tenants = playing(version, attack);
    try (KeepAlive connection = new KeepAlive(tenants.port)) {
      connection.timeout(PATIENCE_MS);
      if (ask(connection, attack)) {
        for (int i = 0; i < 2; i++) {
          assertGoodIsItself(connection);
        }
      }
    }
    assertThat(tenants.envoy.process().isAlive()).as("Envoy goes on").isTrue();
    try (KeepAlive connection = new KeepAlive(tenants.port)) {
      assertGoodIsItself(connection);
    }
  }

  /** Whether the connection can be used further. */
  private static boolean ask(KeepAlive connection, Attack attack) {
    byte[] body = body(TwoTenants.EVIL, attack.large() ? LARGE : 100);
    try {
      connection.send(
          attack.method(), "any", List.of("x-nonce: evil", "content-length: " + body.length), body);
      Answer _ = connection.read(attack.method());
      return true;
    } catch (IOException closedOrNoAnswer) {
      return false; // nor would a front proxy use it again
    }
  }

  private static void assertGoodIsItself(KeepAlive connection) throws IOException {
    String nonce = UUID.randomUUID().toString();
    byte[] body = body(TwoTenants.GOOD, 100);
    Answer answer;
    try {
      connection.send(
          "POST", "any", List.of("x-nonce: " + nonce, "content-length: " + body.length), body);
      answer = connection.read("POST");
    } catch (IOException e) {
      assertThat(e)
          .as("a closed connection, at worst")
          .hasMessageMatching("the connection was closed after \"\"|Connection reset|Broken pipe");
      return;
    }
    assertThat(answer.servedBy()).as(answer.toString()).isEqualTo("good");
    assertThat(answer.body()).isEqualTo(nonce);
  }

  static Stream<Arguments> forbidden() {
    return each(
        ":status",
        "connection",
        "keep-alive",
        "proxy-connection",
        "proxy-authenticate",
        "te",
        "trailer",
        "upgrade",
        "x-envoy-upstream-service-time",
        "x-pointsman-served",
        "x-forwarded-for",
        "forwarded",
        "");
  }

  @ParameterizedTest
  @MethodSource("forbidden")
  void answerDoesNotCarryWhatAPickerMayNotSet(String version, String header) throws Exception {
    Attack attack =
        Attack.named("").response(headers(set(header, "201", "x-went-into-resp-headers", "true")));
    TwoTenants tenants = playing(version, attack);
    Answer answer = answer(tenants);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.headers())
        .containsEntry("x-went-into-resp-headers", "true")
        .doesNotContainEntry(header, "201");
  }

  static Stream<Arguments> routing() {
    return each(
        ":method",
        ":path",
        ":authority",
        ":scheme",
        "host",
        "x-forwarded-for",
        "x-forwarded-proto",
        "forwarded",
        "x-envoy-retry-on",
        "x-gateway-model-name",
        "x-gateway-base-model-name",
        "x-pointsman-route",
        "transfer-encoding",
        "connection",
        "upgrade",
        "te",
        "expect",
        "");
  }

  /** A picker may tell its pods something; where a request goes and where it ends is not its business. */
  @ParameterizedTest
  @MethodSource("routing")
  void podDoesNotGetWhatAPickerMayNotSet(String version, String header) throws Exception {
    AtomicReference<String> head = new AtomicReference<>("");
    Attack attack = Attack.named("")
        .request(response -> response
            .setClearRouteCache(true)
            .setHeaderMutation(mutation(
                header,
                "forged",
                "x-prefiller-host-port",
                "10.0.0.1:8000",
                "x-data-parallel-host-port",
                "10.0.0.2:8000")));
    TwoTenants tenants = playing(version, attack);
    tenants.evilPod.answer(request -> {
      head.set(request.head());
      return TwoTenants.ok("evil", request);
    });
    Answer answer = answer(tenants);
    assertThat(answer.servedBy()).as(answer.toString()).isEqualTo("evil");
    assertThat(head.get())
        .doesNotContain("forged")
        .contains("x-prefiller-host-port: 10.0.0.1:8000\r\n")
        .contains("x-data-parallel-host-port: 10.0.0.2:8000\r\n")
        .contains("x-gateway-destination-endpoint: " + tenants.evilEndpoint());
  }

  /** The Inference Extension's picker sets the length of the body that it sends back. */
  @ParameterizedTest
  @MethodSource("versions")
  void requestIsWellFormedWhateverLengthThePickerSays(String version) throws Exception {
    AtomicReference<RawPod.Request> arrived = new AtomicReference<>();
    Attack attack = Attack.named("")
        .request(response -> response.setHeaderMutation(mutation("content-length", "5")));
    TwoTenants tenants = playing(version, attack);
    tenants.evilPod.answer(request -> {
      arrived.set(request);
      return TwoTenants.ok("evil", request);
    });
    assertThat(answer(tenants).status()).isEqualTo(200);
    assertThat(arrived.get().body()).hasSize(100);
    assertThat(arrived
            .get()
            .head()
            .lines()
            .filter(line -> line.matches("(content-length|transfer-encoding):.*")))
        .containsExactly("transfer-encoding: chunked");
  }

  /** What passes a loop carries its token, until just before the picker. */
  @ParameterizedTest
  @MethodSource("versions")
  void pickerDoesNotSeeTheTokenOfTheLoop(String version) throws Exception {
    TwoTenants tenants = playing(version, Attack.named(""));
    AtomicReference<Map<String, String>> seen = new AtomicReference<>(Map.of());
    tenants.evilPicker.play(new ScriptedPicker.Script() {
      @Override
      public String endpoint() {
        return tenants.evilEndpoint();
      }

      @Override
      public CommonResponse.Builder request(Map<String, String> headers) {
        seen.set(headers);
        return CommonResponse.newBuilder();
      }
    });
    long before = tenants.envoy.stat("http.pointsman-large.downstream_rq_total");
    try (KeepAlive connection = new KeepAlive(tenants.port)) {
      assertThat(connection.post("any", body(TwoTenants.EVIL, LARGE)).status()).isEqualTo(200);
    }
    assertThat(tenants.envoy.stat("http.pointsman-large.downstream_rq_total"))
        .isEqualTo(before + 1);
    assertThat(seen.get())
        .containsKey("x-gateway-model-name")
        .doesNotContainKey("x-pointsman-route");
  }

  /** Pickers tell what a request has cost, for access logs and rate limits; in other namespaces nobody hears them. */
  @ParameterizedTest
  @MethodSource("versions")
  void metadataOfAPickerIsHeardInItsNamespaceOnly(String version) throws Exception {
    Struct metadata = Struct.newBuilder()
        .putFields("envoy.lb", struct("x-gateway-inference-request-cost", "4711"))
        .putFields("envoy.filters.http.jwt_authn", struct("sub", "forged"))
        .putFields("pointsman.model", struct("model", "forged"))
        .build();
    Attack attack = Attack.named("")
        .body(part -> List.of(ScriptedPicker.body(part.getBody(), part.getEndOfStream()).toBuilder()
            .setDynamicMetadata(metadata)
            .build()));
    TwoTenants tenants = playing(version, attack);
    try (KeepAlive connection = new KeepAlive(tenants.port)) {
      assertThat(ask(connection, attack)).isTrue();
    }
    Await.until(
        "the request to be logged",
        Duration.ofSeconds(30),
        () -> tenants.accessLog().contains("4711"));
    assertThat(tenants.accessLog()).contains("qwen").doesNotContain("forged");
  }

  private static Value struct(String key, String value) {
    return Value.newBuilder()
        .setStructValue(Struct.newBuilder()
            .putFields(key, Value.newBuilder().setStringValue(value).build()))
        .build();
  }

  /** Answers without a body pass a picker by; it cannot give them one. */
  @ParameterizedTest
  @MethodSource("versions")
  void answersWithoutABodyArrive(String version) throws Exception {
    TwoTenants tenants =
        playing(version, Attack.named("").pod("HTTP/1.1 304 Not Modified\r\netag: \"a\"\r\n\r\n"));
    Answer unchanged = answer(tenants);
    assertThat(unchanged.status()).isEqualTo(304);
    assertThat(unchanged.headers()).containsEntry("etag", "\"a\"");
  }

  private static Answer answer(TwoTenants tenants) throws IOException {
    try (KeepAlive connection = new KeepAlive(tenants.port)) {
      return connection.post("any", body(TwoTenants.EVIL, 100));
    }
  }

  private static TwoTenants playing(String version, Attack attack) {
    TwoTenants tenants = RUNNING.computeIfAbsent(version, HostilePickerEnvoyTest::start);
    tenants.evilPicker.play(attack.script(tenants.evilEndpoint()));
    tenants.evilPod.answer(request -> attack
        .pod()
        .map(answer -> answer.getBytes(ISO_8859_1))
        .orElseGet(() -> TwoTenants.ok("evil", request)));
    return tenants;
  }

  private static TwoTenants start(String version) {
    try {
      TwoTenants tenants = new TwoTenants(version);
      Await.until("both pools to answer", Duration.ofSeconds(20), () -> {
        try (KeepAlive connection = new KeepAlive(tenants.port)) {
          return connection.post("any", body(TwoTenants.GOOD, 100)).servedBy().equals("good")
              && connection.post("any", body(TwoTenants.EVIL, 100)).servedBy().equals("evil");
        } catch (IOException | UncheckedIOException e) {
          return false; // it does not listen yet
        }
      });
      return tenants;
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Stream<Arguments> each(String... headers) {
    return versions()
        .flatMap(version -> Stream.of(headers).map(header -> Arguments.of(version, header)));
  }

  private static byte[] body(String model, int bytes) {
    String head = "{\"messages\":[{\"role\":\"user\",\"content\":\"";
    String tail = "\"}],\"model\":\"" + model + "\"}";
    return (head + "x".repeat(bytes - head.length() - tail.length()) + tail).getBytes(ISO_8859_1);
  }
}
