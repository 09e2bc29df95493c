package dev.pointsman.kube.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.model.ObjectRef;
import dev.pointsman.model.TranslationDemand;
import dev.pointsman.model.TranslationDemand.Cause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RequestBackoffTest {
  private static final TranslationDemand A = demand(Cause.OUTDATED, "a");
  private static final TranslationDemand B = demand(Cause.OUTDATED, "b");

  private final RequestBackoff backoff = new RequestBackoff();

  @Test
  void routesThatStayIncompleteAreRequestedEverMoreSeldom() {
    List<Long> seconds = new ArrayList<>();
    for (long now = 0; now < Duration.ofHours(1).toNanos(); now += 100_000_000) {
      if (backoff.delay(A, now).isPresent()) {
        seconds.add(now / 1_000_000_000);
      }
    }
    assertThat(seconds).hasSizeBetween(10, 16).startsWith(0L, 0L, 1L, 3L, 7L);
  }

  @Test
  void aRequestThatIsStillToBeMadeCoversTheNext() {
    assertThat(backoff.delay(A, 0)).hasValue(0);
    assertThat(backoff.delay(A, seconds(1))).hasValue(seconds(1));
    assertThat(backoff.delay(A, seconds(1.5))).isEmpty();
    assertThat(backoff.delay(A, seconds(2))).hasValue(seconds(2));
  }

  @Test
  void otherRoutesDoNotWait() {
    OptionalLong _ = backoff.delay(A, 0);
    OptionalLong _ = backoff.delay(A, 1);
    assertThat(backoff.delay(B, 2)).hasValue(0);
  }

  @Test
  void aLossLongAfterTheLastIsTheFirst() {
    OptionalLong _ = backoff.delay(A, 0);
    OptionalLong _ = backoff.delay(A, seconds(1));
    assertThat(backoff.delay(A, seconds(400))).hasValue(0);
  }

  /** As tests that make and delete a pool each minute. */
  @Test
  void aRevocationDoesNotWaitForAnnouncements() {
    TranslationDemand announced = demand(Cause.ANNOUNCED, "a");
    List<Long> minutes = new ArrayList<>();
    for (long minute = 0; minute < 60; minute++) {
      if (backoff.delay(announced, seconds(60 * minute)).isPresent()) {
        minutes.add(minute);
      }
    }
    assertThat(minutes).hasSizeBetween(8, 10).startsWith(0L, 1L, 2L, 4L);
    assertThat(backoff.delay(A, seconds(3_600))).hasValue(0);
    assertThat(backoff.delay(A, seconds(3_601))).hasValue(seconds(1));
  }

  private static TranslationDemand demand(Cause cause, String namespace) {
    return new TranslationDemand(cause, Set.of(new ObjectRef("Namespace", "", namespace)));
  }

  private static long seconds(double seconds) {
    return (long) (seconds * 1e9);
  }
}
