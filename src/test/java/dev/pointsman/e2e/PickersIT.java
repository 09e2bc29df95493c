package dev.pointsman.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.config.HostPort;
import dev.pointsman.e2e.Client.Answer;
import dev.pointsman.rig.PickerHandle;
import dev.pointsman.rig.Rig;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pickers that die or give wrong answers. */
@EndToEnd
class PickersIT {
  private static final Duration LIMIT = Duration.ofSeconds(40);

  @Test
  void failOpen(Rig rig) {
    PickerHandle picker = rig.picker("open-epp");
    assertThat(Client.chat(rig, "open").status()).isEqualTo(200);
    picker.kill();
    AtomicInteger failures = new AtomicInteger();
    AtomicInteger inARow = new AtomicInteger();
    long killed = System.nanoTime();
    await("requests to succeed without a picker").atMost(LIMIT).until(() -> {
      if (Client.chat(rig, "open").status() == 200) {
        return inARow.incrementAndGet() >= 20;
      }
      failures.incrementAndGet();
      inARow.set(0);
      return false;
    });
    System.out.printf(
        "FailOpen: %d requests failed until the dead picker was noticed; 20 in a row had succeeded after %d ms%n",
        failures.get(), Duration.ofNanos(System.nanoTime() - killed).toMillis());
    picker.restart();
    await("the picker to be asked again").atMost(LIMIT).until(() -> {
      assertThat(Client.chat(rig, "open").status()).isEqualTo(200);
      return !picker.calls().isEmpty();
    });
  }

  /** Its port accepts and nobody answers, which no refused connection gives away. */
  @Test
  void failOpenWhenThePickerHangs(Rig rig) {
    PickerHandle picker = rig.picker("open-epp");
    picker.freeze();
    try {
      await("Envoy to notice")
          .atMost(LIMIT)
          .until(() -> !rig.envoy().flags(picker.address()).isEmpty());
      for (int i = 0; i < 20; i++) {
        assertThat(Client.chat(rig, "open").status()).isEqualTo(200);
      }
    } finally {
      picker.thaw();
    }
    await("Envoy to trust it again")
        .atMost(LIMIT)
        .until(() -> rig.envoy().flags(picker.address()).isEmpty());
  }

  @Test
  void failClose(Rig rig) {
    PickerHandle picker = rig.picker("close-epp");
    assertThat(Client.chat(rig, "close").status()).isEqualTo(200);
    picker.kill();
    for (int i = 0; i < 20; i++) {
      assertThat(Client.chat(rig, "close").status()).isBetween(500, 599);
    }
    await("Envoy to notice")
        .atMost(LIMIT)
        .until(() -> !rig.envoy().flags(picker.address()).isEmpty());
    assertThat(Client.chat(rig, "close").status()).isBetween(500, 599);
    picker.restart();
    await("requests to succeed again")
        .atMost(LIMIT)
        .until(() -> Client.chat(rig, "close").status() == 200);
  }

  /** It ends its stream as if it had nothing to add, and has the body. */
  @ParameterizedTest
  @ValueSource(strings = {"open", "close"})
  void pickerThatEndsWithoutAnAnswer(String pool, Rig rig) {
    PickerHandle picker = rig.picker(pool + "-epp");
    picker.end(true);
    try {
      assertThat(Client.chat(rig, pool).status()).isEqualTo(503);
    } finally {
      picker.end(false);
    }
    assertThat(Client.chat(rig, pool).status()).isEqualTo(200);
  }

  @Test
  void ejectedPodIsNotUsedEvenIfThePickerNamesIt(Rig rig) {
    PickerHandle picker = rig.picker("eject-epp");
    HostPort failing = rig.pod("eject-0");
    picker.name(failing.toString());
    rig.tell("eject-0", "fault?status=503");
    try {
      await("the failing pod to be ejected").atMost(LIMIT).until(() -> {
        Client.chat(rig, "eject");
        return rig.envoy().flags(failing).contains("failed_outlier_check");
      });
      rig.tell("eject-0", "fault?status=0");
      for (int i = 0; i < 10; i++) {
        Answer answer = Client.chat(rig, "eject");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.servedBy()).isEqualTo("eject-1");
      }
      assertThat(picker.calls().getLast().picked())
          .as("the picker went on naming it")
          .isEqualTo(failing.toString());
    } finally {
      rig.tell("eject-0", "fault?status=0");
      picker.chooseAgain();
    }
  }

  @Test
  void podOutsideThePoolIsNotUsedEvenIfThePickerNamesIt(Rig rig) {
    PickerHandle picker = rig.picker("eject-epp");
    picker.name(rig.pod("legacy-0").toString());
    try {
      assertThat(List.of("eject-0", "eject-1"))
          .contains(Client.chat(rig, "eject").servedBy());
    } finally {
      picker.chooseAgain();
    }
  }
}
