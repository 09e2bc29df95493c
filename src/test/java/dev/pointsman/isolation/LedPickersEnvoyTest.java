package dev.pointsman.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.isolation.LedPickers.Replica;
import dev.pointsman.rig.KeepAlive.Answer;
import dev.pointsman.rig.TestedEnvoys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Replicas of a picker that follow a leader, or drain. */
@Tag("envoy")
class LedPickersEnvoyTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int LARGE = 5_000_000;
  private static final int LONG_ONE = 777;

  static Stream<String> versions() {
    return TestedEnvoys.versions();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void onlyTheLeaderIsAsked(String version, @TempDir Path folder) throws Exception {
    try (LedPickers pickers = new LedPickers(version, folder)) {
      for (String pool : LedPickers.POOLS) {
        Replica first = pickers.replica(pool, 0);
        Replica second = pickers.replica(pool, 1);
        for (int term = 0; term < 2; term++) {
          Replica leader = term == 0 ? first : second;
          Replica follower = term == 0 ? second : first;
          pickers.lead(pool, leader, follower);
          for (int i = 0; i < 20; i++) {
            assertThat(pickers.ask(pool, 100).status()).isEqualTo(200);
          }
          assertThat(pickers.ask(pool, LARGE).status()).isEqualTo(200);
          assertThat(leader.asked()).isEqualTo(21);
          assertThat(follower.asked()).isZero();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void withoutALeaderRequestsFailAsThePoolSays(String version, @TempDir Path folder)
      throws Exception {
    try (LedPickers pickers = new LedPickers(version, folder)) {
      for (String pool : LedPickers.POOLS) {
        Replica first = pickers.replica(pool, 0);
        pickers.lead(pool, first, pickers.replica(pool, 1));
        first.serving(false);
        await("nobody to be asked").atMost(SOON).until(() -> {
          int _ = pickers.ask(pool, 100).status();
          return first.asked() == 0;
        });
        for (int bytes : List.of(100, LARGE)) {
          assertThat(pickers.ask(pool, bytes).status())
              .as("%s, %d bytes", pool, bytes)
              .isEqualTo(pool.equals("open") ? 200 : 503);
        }
        assertThat(first.asked()).isZero();
        first.serving(true);
        await("the leader to be asked again").atMost(SOON).until(() -> {
          assertThat(pickers.ask(pool, 100).status()).isIn(200, 503);
          return first.asked() == 1;
        });
      }
    }
  }

  /** The leader loses its lease, or is to stop, while a model server is still at work. */
  @ParameterizedTest
  @MethodSource("versions")
  void streamsOfADrainingPickerEndWhole(String version, @TempDir Path folder) throws Exception {
    try (LedPickers pickers = new LedPickers(version, folder)) {
      for (String pool : LedPickers.POOLS) {
        Replica draining = pickers.replica(pool, 0);
        Replica next = pickers.replica(pool, 1);
        pickers.lead(pool, draining, next);
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        pickers.pool(pool).pod().answer(request -> {
          if (request.body().length() == LONG_ONE) {
            arrived.countDown();
            awaitLatch(goOn);
          }
          return TwoTenantsEnvoy.ok("pod", request);
        });
        CompletableFuture<Answer> longOne =
            CompletableFuture.supplyAsync(() -> pickers.ask(pool, LONG_ONE));
        awaitLatch(arrived);
        pickers.lead(pool, next, draining);
        goOn.countDown();
        assertThat(longOne.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
        assertThat(draining.asked()).isZero();
      }
    }
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
