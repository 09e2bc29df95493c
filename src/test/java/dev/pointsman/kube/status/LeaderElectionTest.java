package dev.pointsman.kube.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.kube.status.WriteApi.WriteFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class LeaderElectionTest {
  private static final String LEASE =
      "/apis/coordination.k8s.io/v1/namespaces/pointsman/leases/statuses";

  private final FakeWriteApi api = new FakeWriteApi();
  private final AtomicLong nanos = new AtomicLong(1);
  private final AtomicInteger gains = new AtomicInteger();
  private final LeaderElection first = replica("first");
  private final LeaderElection second = replica("second");

  private LeaderElection replica(String identity) {
    return new LeaderElection(
        api,
        "pointsman",
        "statuses",
        identity,
        LeaderElection.Timing.DEFAULT,
        new Counts(),
        nanos::get);
  }

  @Test
  void oneOfTwoLeads() {
    attempt(first);
    attempt(second);
    assertThat(first.holds()).isTrue();
    assertThat(second.holds()).isFalse();
    assertThat(gains).hasValue(1);
    assertThat(lease().path("holderIdentity").asString()).isEqualTo("first");
    assertThat(lease().path("leaseDurationSeconds").asInt()).isEqualTo(15);
    assertThat(lease().path("acquireTime").asString())
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z");
  }

  @Test
  void aLeaderThatCannotRenewStopsBeforeAnotherBegins() {
    attempt(first);
    attempt(second);
    api.before = _ -> {
      throw new WriteFailure(0, "away", new IllegalStateException());
    };
    pass(9);
    attempt(first);
    assertThat(first.holds()).isTrue();
    pass(1);
    assertThat(first.holds()).as("nobody has to tell it").isFalse();
    api.before = _ -> {};
    pass(4);
    attempt(second);
    assertThat(second.holds()).as("14 s after it saw the last renewal").isFalse();
    pass(1);
    attempt(second);
    assertThat(second.holds()).isTrue();
    assertThat(lease().path("leaseTransitions").asInt()).isEqualTo(1);
    attempt(first);
    assertThat(first.holds()).isFalse();
  }

  @Test
  void goesOnAfterAnExceptionThatIsNoWriteFailure() {
    attempt(first);
    api.before = _ -> {
      throw new UncheckedIOException(new IOException("token: no such file"));
    };
    pass(11);
    attempt(first);
    assertThat(first.holds()).isFalse();
    api.before = _ -> {};
    attempt(first);
    assertThat(first.holds()).isTrue();
  }

  @Test
  void closesWhenTheLeaseCannotBeReleased() {
    attempt(first);
    api.before = _ -> {
      throw new UncheckedIOException(new IOException("token: no such file"));
    };
    first.close();
    assertThat(first.holds()).isFalse();
  }

  @Test
  void aRenewalKeepsOthersAway() {
    attempt(first);
    for (int i = 0; i < 30; i++) {
      pass(2);
      attempt(first);
      attempt(second);
      assertThat(first.holds()).isTrue();
      assertThat(second.holds()).isFalse();
    }
    assertThat(gains).hasValue(1);
  }

  @Test
  void theLocalTimeOfDayOfTheHolderDoesNotMatter() {
    attempt(first);
    api.put(LEASE, withRenewTime("2001-01-01T00:00:00.000000Z"));
    attempt(second);
    assertThat(second.holds()).isFalse();
  }

  @Test
  void aReleasedLeaseIsTakenAtOnce() {
    attempt(first);
    attempt(second);
    first.resign();
    assertThat(first.holds()).isFalse();
    first.close();
    attempt(second);
    assertThat(second.holds()).isTrue();
  }

  @Test
  void onlyTheHolderReleasesTheLease() {
    attempt(first);
    attempt(second);
    second.close();
    assertThat(lease().path("holderIdentity").asString()).isEqualTo("first");
  }

  @Test
  void ofTwoThatTakeItAtOnceOneGetsIt() {
    attempt(first);
    first.close();
    AtomicInteger depth = new AtomicInteger();
    LeaderElection third = replica("third");
    api.before = _ -> {
      if (depth.getAndIncrement() == 0) {
        attempt(third); // between the other's read and write
      }
    };
    attempt(second);
    assertThat(third.holds()).isTrue();
    assertThat(second.holds()).isFalse();
  }

  @Test
  void regainedLeadershipIsReported() {
    attempt(first);
    pass(11);
    assertThat(first.holds()).isFalse();
    attempt(first);
    assertThat(first.holds()).isTrue();
    assertThat(gains).hasValue(2);
  }

  /** A pass that fell into the loss wrote nothing, and nothing else would start another. */
  @Test
  void aLossBetweenTwoRenewalsIsReportedToo() {
    attempt(first);
    pass(8);
    boolean[] held = {true};
    api.before = _ -> {
      pass(6); // the API server takes its time
      held[0] = first.holds();
    };
    attempt(first);
    assertThat(held[0]).as("14 s after the renewal").isFalse();
    assertThat(first.holds()).as("6 s after the next").isTrue();
    assertThat(gains).hasValue(2);
  }

  private void attempt(LeaderElection replica) {
    replica.attempt(gains::incrementAndGet);
  }

  private void pass(int seconds) {
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }

  private JsonNode lease() {
    return api.get(LEASE).orElseThrow().path("spec");
  }

  private JsonNode withRenewTime(String time) {
    JsonNode lease = api.get(LEASE).orElseThrow();
    ((tools.jackson.databind.node.ObjectNode) lease).withObject("spec").put("renewTime", time);
    return lease;
  }

  @Test
  void aHolderWritesNoLongerThanALeaseLastsLessAWrite() {
    LeaderElection.Timing timing = LeaderElection.Timing.DEFAULT;
    Duration last = timing.renew().plus(RawWriteApi.TIMEOUT);
    assertThat(last).isLessThan(timing.lease());
  }
}
