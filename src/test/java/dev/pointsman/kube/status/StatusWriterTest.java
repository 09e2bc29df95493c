package dev.pointsman.kube.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.kube.status.WriteApi.WriteFailure;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.rig.Logged;
import dev.pointsman.status.Condition;
import dev.pointsman.status.ObjectStatus;
import dev.pointsman.status.ParentRef;
import dev.pointsman.status.StatusKind;
import dev.pointsman.status.StatusPlan;
import dev.pointsman.status.WarningEvent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class StatusWriterTest {
  private static final ObjectStatus.Key POOL =
      new ObjectStatus.Key(StatusKind.POOL, "models", "qwen");
  private static final String PATH =
      "/apis/inference.networking.k8s.io/v1/namespaces/models/inferencepools/qwen";
  private static final String EVENTS = "/apis/events.k8s.io/v1/namespaces/models/events";
  private static final WarningEvent NOTICE = new WarningEvent(
      "inference.networking.k8s.io/v1", "InferencePool", "models", "qwen", "u", 1, "Odd", "odd");

  private final FakeWriteApi api = new FakeWriteApi();
  private final Counts counts = new Counts();
  private final Leadership.Alone leadership = new Leadership.Alone(counts);
  private final AtomicLong nanos = new AtomicLong(1);
  private final OptimisticWrites writes = new OptimisticWrites(
      api, counts, Clock.fixed(Instant.parse("2026-11-22T12:00:00Z"), ZoneOffset.UTC));
  private final StatusWriter writer = new StatusWriter(writes, leadership, "me", nanos::get);

  @BeforeEach
  void aPool() {
    api.put(PATH, json("""
        {"apiVersion": "inference.networking.k8s.io/v1", "kind": "InferencePool",
         "metadata": {"namespace": "models", "name": "qwen", "generation": 1},
         "status": {"parents": [{"parentRef": {"name": "theirs"}, "controllerName": "example.com/other"}]}}"""));
  }

  @Test
  void writesOnceAndThenNothing() throws InterruptedException {
    assertThat(write(accepted("a")).failed()).isFalse();
    assertThat(write(accepted("a")).failed()).isFalse();
    assertThat(api.writes).containsExactly("PUT " + PATH + "/status");
    assertThat(counts.statuses).hasValue(1);
  }

  @Test
  void anObjectThatTheWatchHasNotBroughtBackYetIsNotWrittenAgain() throws InterruptedException {
    JsonNode old = seen();
    writer.write(accepted("a"), Map.of(POOL, old));
    api.before = path -> {
      throw new AssertionError("not again: " + path);
    };
    assertThat(writer.write(accepted("a"), Map.of(POOL, old)).failed()).isFalse();
  }

  @Test
  void concurrentWritesOfOthersSurvive() throws InterruptedException {
    JsonNode old = seen();
    ObjectNode other = (ObjectNode) old.deepCopy();
    other.set("status", json("""
        {"parents": [{"parentRef": {"name": "new"}, "controllerName": "example.com/new"}]}"""));
    api.put(PATH, other);
    assertThat(writer.write(accepted("a"), Map.of(POOL, old)).failed()).isFalse();
    assertThat(seen().path("status").path("parents").values())
        .extracting(entry -> entry.path("controllerName").asString())
        .containsExactly("example.com/new", "pointsman.dev/inference");
  }

  @Test
  void aNewerSpecThanOursIsNotSpokenOf() throws InterruptedException {
    JsonNode old = seen();
    ObjectNode newer = (ObjectNode) old.deepCopy();
    newer.withObject("metadata").put("generation", 2);
    api.put(PATH, newer);
    assertThat(writer.write(accepted("a"), Map.of(POOL, old)).failed()).isTrue();
    assertThat(api.writes).isEmpty();
  }

  @Test
  void aFasterWriterIsNotFought() throws InterruptedException {
    JsonNode old = seen();
    List<String> attempts = new ArrayList<>();
    api.before = path -> {
      attempts.add(path);
      api.put(PATH, old);
    };
    assertThat(writer.write(accepted("a"), Map.of(POOL, old)).failed()).isTrue();
    assertThat(api.writes).isEmpty();
    assertThat(attempts).hasSize(8);
    api.before = _ -> {};
    assertThat(writer.write(accepted("a"), Map.of(POOL, old)).failed()).isFalse();
    assertThat(api.writes).hasSize(1);
  }

  @Test
  void anOutageIsTriedAgainAndARefusalDoesNotStopTheOthers() throws InterruptedException {
    api.before = path -> {
      throw new WriteFailure(503, "away", new IllegalStateException());
    };
    assertThat(write(accepted("a")).failed()).isTrue();
    assertThat(counts.failures).hasValue(1);
    api.before = path -> {
      if (path.startsWith(PATH)) {
        throw new WriteFailure(403, "not allowed", new IllegalStateException());
      }
    };
    StatusPlan both = new StatusPlan(accepted("a").statuses(), List.of(NOTICE));
    assertThat(writer.write(both, Map.of(POOL, seen())).failed()).isTrue();
    assertThat(api.writes).containsExactly("POST " + EVENTS);
    api.before = _ -> {};
    assertThat(write(accepted("a")).failed()).isFalse();
    assertThat(api.writes).contains("PUT " + PATH + "/status");
  }

  @Test
  void withoutLeadershipNothingIsWritten() throws InterruptedException {
    leadership.resign();
    writer.write(new StatusPlan(accepted("a").statuses(), List.of(NOTICE)), Map.of(POOL, seen()));
    assertThat(api.writes).isEmpty();
  }

  @Test
  void leadershipThatIsLostDuringAConflictEndsTheWriting() throws InterruptedException {
    JsonNode old = seen();
    api.put(PATH, old);
    api.before = _ -> leadership.resign();
    writer.write(accepted("a"), Map.of(POOL, old));
    assertThat(api.writes).isEmpty();
  }

  @Test
  void anEventIsWrittenOnceByAnyReplica() throws InterruptedException {
    StatusPlan plan = new StatusPlan(List.of(), List.of(NOTICE));
    writer.write(plan, Map.of());
    writer.write(plan, Map.of());
    StatusWriter next = new StatusWriter(writes, leadership, "next", nanos::get);
    next.write(plan, Map.of());
    assertThat(api.writes).containsExactly("POST " + EVENTS);
    assertThat(counts.events).hasValue(1);
  }

  @Test
  void theDiagnosticsOfThePlanAreCounted() throws InterruptedException {
    Diagnostic missing = new Diagnostic(
        Diagnostic.Reason.TargetNotFound, new ObjectRef("InferencePolicy", "a", "b"), "", "gone");
    write(new StatusPlan(List.of(), List.of(), List.of(missing)));
    assertThat(counts.diagnostics).containsExactly(missing);
    write(new StatusPlan(List.of(), List.of()));
    assertThat(counts.diagnostics).isEmpty();
  }

  @Test
  void aControllerThatOverwritesIsNotFoughtForEver() throws InterruptedException {
    JsonNode empty = seen();
    for (int i = 0; i < 50; i++) {
      api.put(PATH, empty); // somebody else removes our entry
      write(accepted("a"));
      nanos.addAndGet(1_000_000);
    }
    assertThat(counts.statuses).hasValue(4);
    StatusWriter.Rest rest = write(accepted("a"));
    assertThat(rest.waitNanos()).isBetween(900_000_000L, 1_000_000_000L);
    nanos.addAndGet(rest.waitNanos());
    write(accepted("a"));
    assertThat(counts.statuses).hasValue(5);
  }

  /** Pods come and go in a rollout: nobody else is blamed, and the status is not late by more than a second. */
  @Test
  void aStatusThatChangesOftenIsWrittenOnceASecond() throws InterruptedException {
    try (Logged log = new Logged()) {
      for (int i = 0; i < 60; i++) {
        write(accepted("change " + i));
        nanos.addAndGet(Duration.ofMillis(500).toNanos());
      }
      assertThat(counts.statuses.get()).isBetween(30, 33);
      assertThat(seen().toString()).containsAnyOf("change 59", "change 58");
      assertThat(log.lines()).isEmpty();
    }
  }

  private StatusWriter.Rest write(StatusPlan plan) throws InterruptedException {
    return writer.write(plan, Map.of(POOL, seen()));
  }

  private JsonNode seen() {
    return api.get(PATH).orElseThrow();
  }

  private static StatusPlan accepted(String message) {
    return new StatusPlan(
        List.of(new ObjectStatus(
            POOL,
            1,
            List.of(new ObjectStatus.Entry(
                ParentRef.gateway("infra", "edge"),
                List.of(new Condition("Accepted", true, "Accepted", message)))))),
        List.of());
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }
}
