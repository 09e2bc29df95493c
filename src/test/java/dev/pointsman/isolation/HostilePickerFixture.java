package dev.pointsman.isolation;

import static dev.pointsman.isolation.Attack.headers;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.awaitility.Awaitility.await;

import dev.pointsman.rig.KeepAlive;
import dev.pointsman.rig.KeepAlive.Answer;
import dev.pointsman.rig.RealEnvoy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.Arguments;

/** Envoys with two tenants, one of which has a hostile picker. */
@Tag("envoy")
abstract class HostilePickerFixture {
  static final int LARGE = 5_000_000;
  static final int PATIENCE_MS = 700;
  static final Map<String, TwoTenantsEnvoy> RUNNING = new ConcurrentHashMap<>();

  @AfterAll
  static void stop() throws IOException {
    for (TwoTenantsEnvoy tenants : RUNNING.values()) {
      tenants.close();
    }
    RUNNING.clear(); // another class has Envoys of its own
  }

  static Stream<String> versions() {
    return Stream.of(RealEnvoy.VERSIONS.getFirst(), RealEnvoy.VERSIONS.getLast());
  }

  static Answer answer(TwoTenantsEnvoy tenants) throws IOException {
    try (KeepAlive connection = new KeepAlive(tenants.port)) {
      return connection.post("any", body(TwoTenantsEnvoy.EVIL, 100));
    }
  }

  static TwoTenantsEnvoy playing(String version, Attack attack) {
    TwoTenantsEnvoy tenants = RUNNING.computeIfAbsent(version, HostilePickerEnvoyTest::start);
    tenants.evilPicker.play(attack.script(tenants.evilEndpoint()));
    tenants.evilPod.answer(request -> attack
        .pod()
        .map(answer -> answer.getBytes(ISO_8859_1))
        .orElseGet(() -> TwoTenantsEnvoy.ok("evil", request)));
    return tenants;
  }

  static TwoTenantsEnvoy start(String version) {
    try {
      TwoTenantsEnvoy tenants = new TwoTenantsEnvoy(version);
      await("both pools to answer").atMost(Duration.ofSeconds(60)).until(() -> {
        try (KeepAlive connection = new KeepAlive(tenants.port)) {
          return connection
                  .post("any", body(TwoTenantsEnvoy.GOOD, 100))
                  .servedBy()
                  .equals("good")
              && connection
                  .post("any", body(TwoTenantsEnvoy.EVIL, 100))
                  .servedBy()
                  .equals("evil");
        } catch (IOException | UncheckedIOException e) {
          return false; // it does not listen yet
        }
      });
      return tenants;
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static Stream<Arguments> each(String... headers) {
    return versions()
        .flatMap(version -> Stream.of(headers).map(header -> Arguments.of(version, header)));
  }

  static byte[] body(String model, int bytes) {
    String head = "{\"messages\":[{\"role\":\"user\",\"content\":\"";
    String tail = "\"}],\"model\":\"" + model + "\"}";
    return (head + "x".repeat(bytes - head.length() - tail.length()) + tail).getBytes(ISO_8859_1);
  }

  /** Whether the connection can be used further. */
  static boolean ask(KeepAlive connection, Attack attack) {
    byte[] body = body(TwoTenantsEnvoy.EVIL, attack.large() ? LARGE : 100);
    try {
      connection.send(
          attack.method(), "any", List.of("x-nonce: evil", "content-length: " + body.length), body);
      Answer _ = connection.read(attack.method());
      return true;
    } catch (IOException closedOrNoAnswer) {
      return false; // nor would a front proxy use it again
    }
  }
}
