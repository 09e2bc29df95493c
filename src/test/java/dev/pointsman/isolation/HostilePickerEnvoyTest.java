package dev.pointsman.isolation;

import static dev.pointsman.isolation.Attack.headers;
import static dev.pointsman.isolation.Attack.mutation;
import static dev.pointsman.isolation.Attack.set;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.rig.KeepAlive;
import dev.pointsman.rig.KeepAlive.Answer;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Attacks of a picker on the next client, and on what it may not set. */
@Tag("envoy")
class HostilePickerEnvoyTest extends HostilePickerFixture {
  static Stream<Arguments> attacks() {
    return versions()
        .flatMap(version -> Attacks.all().stream().map(attack -> Arguments.of(version, attack)));
  }

  /** After each answer to a hostile tenant's client, two of another's get their own. */
  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("attacks")
  void nextClientGetsItsOwnAnswer(String version, Attack attack) throws Exception {
    TwoTenantsEnvoy tenants = playing(version, attack);
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

  private static void assertGoodIsItself(KeepAlive connection) throws IOException {
    String nonce = UUID.randomUUID().toString();
    byte[] body = body(TwoTenantsEnvoy.GOOD, 100);
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
    TwoTenantsEnvoy tenants = playing(version, attack);
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
    TwoTenantsEnvoy tenants = playing(version, attack);
    tenants.evilPod.answer(request -> {
      head.set(request.head());
      return TwoTenantsEnvoy.ok("evil", request);
    });
    Answer answer = answer(tenants);
    assertThat(answer.servedBy()).as(answer.toString()).isEqualTo("evil");
    assertThat(head.get())
        .doesNotContain("forged")
        .contains("x-prefiller-host-port: 10.0.0.1:8000\r\n")
        .contains("x-data-parallel-host-port: 10.0.0.2:8000\r\n")
        .contains("x-gateway-destination-endpoint: " + tenants.evilEndpoint());
  }
}
