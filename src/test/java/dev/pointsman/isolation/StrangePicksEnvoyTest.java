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

/** A picker names addresses that are no pods of its pool, or is none at all: no other pool's pod is reached. */
@Tag("envoy")
class StrangePicksEnvoyTest extends HostilePickerFixture {
  /** The other tenant's pod. */
  private static final String OTHERS = "OTHERS";

  private static final Duration LIMIT = Duration.ofSeconds(20);

  static Stream<Arguments> picks() {
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
        "x".repeat(20_000));
  }

  /** The header would be larger than the headers of a request may be. */
  @Test
  void tenThousandAddressesAreAFailureOfThePicker() throws Exception {
    TwoTenantsEnvoy tenants = playing(RealEnvoy.VERSIONS.getFirst(), Attack.named(""));
    tenants.evilPicker.play(() -> IntStream.range(0, 10_000)
        .mapToObj(i -> "10.%d.%d.1:8000".formatted(i / 250, i % 250))
        .collect(Collectors.joining(",")));
    assertThat(answer(tenants).status()).isEqualTo(503);
    tenants.evilPicker.play(tenants::evilEndpoint);
    assertThat(answer(tenants).servedBy()).isEqualTo("evil");
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

  /**
   * A web server at the picker's address. It accepts connections, so that the health check does not see it, and Envoy does not
   * pass over a failure after it has sent a part of the request's body.
   */
  @ParameterizedTest
  @EnumSource
  void requestsToAPickerThatSpeaksAnotherProtocolFail(FailureMode failureMode) throws Exception {
    try (TwoTenantsEnvoy tenants =
        new TwoTenantsEnvoy(RealEnvoy.VERSIONS.getFirst(), failureMode)) {
      await("the pool to answer").atMost(LIMIT).until(() -> status(tenants) == 200);
      HostPort address = tenants.evilPickerAddress();
      tenants.evilPicker.close();
      try (RawPod _ = new RawPod(address, request -> TwoTenantsEnvoy.ok("no picker", request))) {
        await("the picker's failure")
            .atMost(LIMIT)
            .untilAsserted(() -> assertThat(
                    IntStream.range(0, 10).map(_ -> status(tenants)).boxed())
                .containsOnly(503));
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
