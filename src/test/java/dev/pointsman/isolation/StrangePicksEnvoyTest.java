package dev.pointsman.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.config.HostPort;
import dev.pointsman.model.FailureMode;
import dev.pointsman.rig.KeepAlive.Answer;
import dev.pointsman.rig.RealEnvoy;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A picker names what is no pod of its pool, or is none at all: the pool serves, and no other pool's pod is reached. */
@Tag("envoy")
class StrangePicksEnvoyTest extends HostilePickerFixture {
  /** The other tenant's pod. */
  private static final String OTHERS = "OTHERS";

  private static final Duration LIMIT = Duration.ofSeconds(20);

  static Stream<Arguments> picks() {
    String thousands = IntStream.range(0, 10_000)
        .mapToObj(i -> "10.%d.%d.1:8000".formatted(i / 250, i % 250))
        .collect(Collectors.joining(","));
    return each(
        OTHERS,
        OTHERS + "," + OTHERS,
        "127.0.0.1:9901",
        "",
        ",",
        ",,,",
        "not an address",
        "999.1.1.1:99999",
        "10.0.0.1",
        ":8000",
        "10.0.0.1:",
        "[::1]:8000",
        "10.0.0.1:8000;drop",
        "\u00ff\u00fe",
        "x".repeat(20_000),
        thousands);
  }

  @ParameterizedTest
  @MethodSource("picks")
  void thePoolServes(String version, String pick) throws Exception {
    TwoTenantsEnvoy tenants = playing(version, Attack.named(""));
    String named = pick.replace(OTHERS, tenants.goodEndpoint());
    tenants.evilPicker.play(() -> named);
    for (int i = 0; i < 3; i++) {
      Answer answer = answer(tenants);
      assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
      assertThat(answer.servedBy()).isEqualTo("evil");
    }
    assertThat(tenants.envoy.process().isAlive()).as("Envoy goes on").isTrue();
  }

  /** The first pod of the list that is one of the pool's. */
  @Test
  void aPodBehindNonsenseServes() throws Exception {
    TwoTenantsEnvoy tenants = playing(RealEnvoy.VERSIONS.getFirst(), Attack.named(""));
    tenants.evilPicker.play(() -> "nonsense," + tenants.evilEndpoint());
    assertThat(answer(tenants).servedBy()).isEqualTo("evil");
  }

  /** A web server at the picker's address. */
  @ParameterizedTest
  @EnumSource
  void aPickerThatSpeaksAnotherProtocolIsAPickerThatIsAway(FailureMode failureMode)
      throws Exception {
    try (TwoTenantsEnvoy tenants =
        new TwoTenantsEnvoy(RealEnvoy.VERSIONS.getFirst(), failureMode)) {
      await("the pool to answer").atMost(LIMIT).until(() -> status(tenants) == 200);
      HostPort address = tenants.evilPickerAddress();
      tenants.evilPicker.close();
      try (RawPod _ = new RawPod(address, request -> TwoTenantsEnvoy.ok("no picker", request))) {
        int expected = failureMode == FailureMode.FAIL_OPEN ? 200 : 503;
        await("the answer " + expected + " from then on").atMost(LIMIT).until(() -> {
          for (int i = 0; i < 10; i++) {
            if (status(tenants) != expected) {
              return false;
            }
          }
          return true;
        });
      }
    }
  }

  private static int status(TwoTenantsEnvoy tenants) {
    try {
      return answer(tenants).status();
    } catch (IOException notYet) {
      return -1;
    }
  }
}
