package dev.pointsman.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.rig.PickerCall;
import dev.pointsman.rig.Rig;
import dev.pointsman.rig.Scenario;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A rule's weights hold whatever its backends are, and each pool's share meets the pool's own picker. */
@EndToEnd
class CanaryIT {
  private static final Scenario CANARY = Scenario.read(Path.of("testdata/e2e-canary"));

  @BeforeAll
  static void add(Rig rig) {
    rig.addAndAwait(CANARY);
  }

  @AfterAll
  static void remove(Rig rig) {
    rig.remove(CANARY);
  }

  @Test
  void ninetyToTen(Rig rig) {
    Crowd crowd = Crowd.ask(rig, "canary", 2000);
    assertThat(crowd.servedBy("stable-") + crowd.servedBy("next-")).isEqualTo(2000);
    crowd.assertShare("next", crowd.servedBy("next-"), 0.1, 3);
    assertPaired(rig, "canary", "stable", crowd.servedBy("stable-"));
    assertPaired(rig, "canary", "next", crowd.servedBy("next-"));
  }

  @Test
  void threeShares(Rig rig) {
    Crowd crowd = Crowd.ask(rig, "canary-three", 500);
    assertThat(crowd.failed()).isZero();
    crowd.assertShare("stable", crowd.servedBy("stable-"), 0.5);
    crowd.assertShare("next", crowd.servedBy("next-"), 0.3);
    crowd.assertShare("third", crowd.servedBy("third-"), 0.2);
    assertPaired(rig, "canary-three", "stable", crowd.servedBy("stable-"));
    assertPaired(rig, "canary-three", "next", crowd.servedBy("next-"));
  }

  @Test
  void samePoolTwice(Rig rig) {
    Crowd crowd = Crowd.ask(rig, "canary-twice", 400);
    assertThat(crowd.failed()).isZero();
    crowd.assertShare("stable", crowd.servedBy("stable-"), 0.5);
    crowd.assertShare("next", crowd.servedBy("next-"), 0.5);
    assertPaired(rig, "canary-twice", "stable", crowd.servedBy("stable-"));
    assertPaired(rig, "canary-twice", "next", crowd.servedBy("next-"));
  }

  @Test
  void weightZero(Rig rig) {
    assertThat(Crowd.ask(rig, "canary-zero", 100).servedBy("stable-")).isEqualTo(100);
  }

  @ParameterizedTest
  @ValueSource(strings = {"canary-ip", "canary-ip-first", "canary-name", "canary-name-first"})
  void poolAndBackend(String model, Rig rig) {
    Crowd crowd = Crowd.ask(rig, model, 400);
    assertThat(crowd.failed()).isZero();
    crowd.assertShare("stable", crowd.servedBy("stable-"), 0.7);
    crowd.assertShare("the Backend", crowd.servedBy("by-"), 0.3);
    assertPaired(rig, model, "stable", crowd.servedBy("stable-"));
  }

  @Test
  void poolsAndBackends(Rig rig) {
    Crowd crowd = Crowd.ask(rig, "canary-all", 500);
    assertThat(crowd.failed()).isZero();
    crowd.assertShare("by name", crowd.servedBy("by-name"), 0.1);
    crowd.assertShare("stable", crowd.servedBy("stable-"), 0.4);
    crowd.assertShare("by IP", crowd.servedBy("by-ip"), 0.2);
    crowd.assertShare("next", crowd.servedBy("next-"), 0.3);
    assertPaired(rig, "canary-all", "stable", crowd.servedBy("stable-"));
    assertPaired(rig, "canary-all", "next", crowd.servedBy("next-"));
  }

  @Test
  void missingPool(Rig rig) {
    Crowd crowd = Crowd.ask(rig, "canary-missing-pool", 400);
    crowd.assertShare("failed", crowd.failed(), 0.3);
    crowd.assertShare("stable", crowd.servedBy("stable-"), 0.5);
    crowd.assertShare("next", crowd.servedBy("next-"), 0.2);
    assertPaired(rig, "canary-missing-pool", "next", crowd.servedBy("next-"));
  }

  @Test
  void missingBackend(Rig rig) {
    Crowd crowd = Crowd.ask(rig, "canary-missing-backend", 400);
    crowd.assertShare("failed", crowd.failed(), 0.2);
    crowd.assertShare("stable", crowd.servedBy("stable-"), 0.8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"canary-missing-with-backend", "canary-missing-with-name"})
  void missingBackendNextToAnother(String model, Rig rig) {
    Crowd crowd = Crowd.ask(rig, model, 400);
    crowd.assertShare("failed", crowd.failed(), 0.3);
    crowd.assertShare("stable", crowd.servedBy("stable-"), 0.4);
    crowd.assertShare("the Backend", crowd.servedBy("by-"), 0.3);
  }

  @Test
  void poolWithoutPods(Rig rig) {
    Crowd crowd = Crowd.ask(rig, "canary-empty", 400);
    crowd.assertShare("failed", crowd.failed(), 0.2);
    crowd.assertShare("stable", crowd.servedBy("stable-"), 0.8);
    assertPaired(rig, "canary-empty", "stable", crowd.servedBy("stable-"));
  }

  /** The pool's picker was asked for these requests and no others, and its picks were followed. */
  private static void assertPaired(Rig rig, String model, String pool, long served) {
    rig.picker(pool + "-epp").saw(all -> {
      List<PickerCall> calls =
          all.stream().filter(call -> call.model().equals(model)).toList();
      assertThat(calls).hasSize((int) served);
      assertThat(calls).allSatisfy(call -> assertThat(call.served()).isEqualTo(call.picked()));
    });
  }
}
