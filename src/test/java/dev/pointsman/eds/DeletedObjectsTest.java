package dev.pointsman.eds;

import static dev.pointsman.eds.CacheServer.receive;
import static dev.pointsman.eds.TeamSnapshot.PICKER;
import static dev.pointsman.eds.TeamSnapshot.POOL;
import static dev.pointsman.eds.TeamSnapshot.WHOLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.eds.TestStream.StreamAnswer;
import dev.pointsman.model.ClusterObjects;
import dev.pointsman.model.PoolRef;
import dev.pointsman.model.Subset;
import dev.pointsman.xds.CheckedService;
import dev.pointsman.xds.EdsNames;
import dev.pointsman.xds.SubsetResource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Objects that are deleted while proxies have their endpoints: soon no request goes to an address of theirs. */
class DeletedObjectsTest {
  private static final Duration SOON = Duration.ofMillis(300);
  private static final Duration NEVER = Duration.ofDays(1);

  static Stream<String> ofThePool() {
    Subset canary = new Subset("team-a", new TreeMap<>(Map.of("track", "canary")));
    return Stream.of(EdsNames.of(POOL), new SubsetResource("", List.of(POOL), canary).name());
  }

  static Stream<String> ofThePicker() {
    return Stream.of(EdsNames.of(PICKER), new CheckedService(PICKER, 9003).name());
  }

  static Stream<String> all() {
    return Stream.concat(ofThePool(), ofThePicker());
  }

  @ParameterizedTest
  @MethodSource("ofThePicker")
  void aServiceIsEmptyAtOnceAndServedWhenItIsMadeAgain(String name) throws Exception {
    try (CacheServer server = server(NEVER, true)) {
      server.serve(WHOLE.snapshot());
      TestStream proxy = server.gets(name, 1);
      server.serve(WHOLE.withPickerPort(0).snapshot());
      receive(proxy, 0);
      server.gets(name, 0);
      server.serve(WHOLE.snapshot());
      receive(proxy, 1);
    }
  }

  @ParameterizedTest
  @MethodSource("ofThePicker")
  void aPortThatLeavesItsServiceIsEmptyAtOnce(String name) throws Exception {
    try (CacheServer server = server(NEVER, true)) {
      server.serve(WHOLE.snapshot());
      TestStream proxy = server.gets(name, 1);
      server.serve(WHOLE.withPickerPort(9003).snapshot());
      receive(proxy, 0);
    }
  }

  /** Envoy Gateway has not translated yet. */
  @ParameterizedTest
  @MethodSource("ofThePool")
  void aPoolStillServesItsPodsAndNoneThatHasEnded(String name) throws Exception {
    try (CacheServer server = server(NEVER, true)) {
      server.serve(WHOLE.withPods("10.0.0.1", "10.0.0.2").snapshot());
      TestStream proxy = server.gets(name, 2);
      server.serve(WHOLE.withPods("10.0.0.1", "10.0.0.2").withoutPool().snapshot());
      assertThat(proxy.isQuiet()).isTrue();
      server.serve(WHOLE.withPods("10.0.0.1").withoutPool().snapshot());
      receive(proxy, 1);
    }
  }

  @ParameterizedTest
  @MethodSource("ofThePool")
  void aPoolIsEmptyAfterAWhileAndServedWhenItIsMadeAgain(String name) throws Exception {
    try (CacheServer server = server(SOON, false)) {
      server.serve(WHOLE.snapshot());
      TestStream proxy = server.gets(name, 1);
      server.serve(WHOLE.withoutPool().snapshot());
      receive(proxy, 0);
      server.gets(name, 0);
      server.serve(WHOLE.snapshot());
      receive(proxy, 1);
    }
  }

  /** Nobody reads the pods of a namespace without pools. */
  @ParameterizedTest
  @MethodSource("ofThePool")
  void theLastPoolOfANamespaceIsEmptyAfterAWhile(String name) throws Exception {
    try (CacheServer server = server(SOON, false)) {
      server.serve(WHOLE.snapshot());
      TestStream proxy = server.gets(name, 1);
      server.serve(WHOLE.withoutPool().withUnreadPods());
      receive(proxy, 0);
    }
  }

  @ParameterizedTest
  @MethodSource("ofThePool")
  void aPoolThatIsMadeAgainServesItsNewPodsAtOnce(String name) throws Exception {
    try (CacheServer server = server(NEVER, true)) {
      server.serve(WHOLE.snapshot());
      TestStream proxy = server.gets(name, 1);
      server.serve(WHOLE.withoutPool().withUnreadPods());
      server.serve(WHOLE.withPods("10.0.0.9").withUnreadPods());
      server.serve(WHOLE.withPods("10.0.0.9").snapshot());
      StreamAnswer answer = receive(proxy, 1);
      assertThat(answer.assignments().toString()).contains("10.0.0.9");
    }
  }

  @Test
  void aPoolThatIsMadeAgainStays() throws Exception {
    PoolRef other = new PoolRef(PoolRef.V1, "team-a", "other");
    try (CacheServer server = server(SOON, false)) {
      server.serve(EdsServer.snapshot(Map.of(POOL, 1, other, 1)));
      TestStream proxy = server.gets(EdsNames.of(POOL), 1);
      TestStream ofOther = server.gets(EdsNames.of(other), 1);
      server.serve(EdsServer.snapshot(Map.of(other, 1))); // the pod left as well
      receive(proxy, 0);
      server.serve(EdsServer.snapshot(Map.of(POOL, 1)));
      receive(proxy, 1);
      receive(ofOther, 0); // it was deleted later, so that the time of the first is over, too
      assertThat(proxy.isQuiet()).isTrue();
    }
  }

  @Test
  void aSecondDeletionHasItsOwnTime() {
    DeletedPools deleted = new DeletedPools();
    var _ = deleted.next(WHOLE.snapshot());
    var first = deleted.next(WHOLE.withoutPool().snapshot());
    var _ = deleted.next(WHOLE.snapshot());
    var second = deleted.next(WHOLE.withoutPool().snapshot());
    deleted.forget(first);
    assertThat(deleted.snapshot().pools()).containsKey(POOL);
    deleted.forget(second);
    assertThat(deleted.snapshot().pools()).isEmpty();
  }

  /** A proxy asks a new replica for objects that were deleted before it started. */
  @ParameterizedTest
  @MethodSource("all")
  void anObjectThatThisProcessHasNotSeenIsEmptyAfterAWhile(String name) throws Exception {
    try (CacheServer server = server(SOON, true)) {
      TestStream proxy = server.asks(name);
      server.serve(new ClusterObjects().snapshot());
      receive(proxy, 0);
      server.serve(WHOLE.snapshot());
      receive(proxy, 1);
    }
  }

  /** Nobody got endpoints of it. The time for Envoys that may still ask is that of objects that were there. */
  @ParameterizedTest
  @MethodSource("all")
  void anObjectThatThisProcessHasNotSeenIsForgottenSoonAfterItsLastProxy(String name)
      throws Exception {
    try (CacheServer server = server(SOON, true)) {
      server.serve(new ClusterObjects().snapshot());
      assertThat(receiveOnly(server.asks(name))).isZero();
      await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
        TestStream late = server.asks(name);
        assertThat(late.isQuiet()).isTrue();
      });
    }
  }

  private static int receiveOnly(TestStream proxy) throws InterruptedException {
    return Objects.requireNonNull(proxy.answers().poll(30, TimeUnit.SECONDS), "no answer")
        .hosts();
  }

  /** Nothing is read yet. */
  @ParameterizedTest
  @MethodSource("all")
  void noObjectIsMissingBeforeTheFirstSnapshot(String name) throws Exception {
    try (CacheServer server = server(Duration.ofMillis(20), true)) {
      assertThat(server.asks(name).isQuiet()).isTrue();
    }
  }

  /** The rights are missing, or the API server is away. */
  @ParameterizedTest
  @MethodSource("all")
  void anObjectThatMayOnlyNotBeReadIsNotMissing(String name) throws Exception {
    try (CacheServer server = server(Duration.ofMillis(20), false)) {
      TestStream proxy = server.asks(name);
      server.serve(new ClusterObjects().snapshot());
      assertThat(proxy.isQuiet()).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void anObjectIsNotMissingWhosePodsMayNotBeRead(String name) throws Exception {
    try (CacheServer server = server(Duration.ofMillis(20), true)) {
      TestStream proxy = server.asks(name);
      server.serve(WHOLE.withUnreadPods());
      assertThat(proxy.isQuiet()).isTrue();
    }
  }

  private static CacheServer server(Duration afterDeletion, boolean isCurrent) {
    return CacheServer.of(new EndpointCache(
        new VersionPrefix("test"),
        new AskedEndpoints(10, Duration.ZERO, System::nanoTime),
        new MissingObjects(_ -> isCurrent),
        new CacheDelays(Duration.ofMinutes(1), afterDeletion, Duration.ofMinutes(1))));
  }
}
