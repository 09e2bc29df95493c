package dev.pointsman.kube.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.kube.status.WriteApi.WriteFailure;
import dev.pointsman.rig.Logged;
import dev.pointsman.status.Condition;
import dev.pointsman.status.ObjectStatus;
import dev.pointsman.status.ParentRef;
import dev.pointsman.status.StatusKind;
import dev.pointsman.status.StatusPlan;
import dev.pointsman.status.WarningEvent;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Statuses of objects beside others whose statuses cannot be written. */
class FailingWritesTest {
  private final FakeWriteApi api = new FakeWriteApi();
  private final Counts counts = new Counts();
  private final Leadership.Alone leadership = new Leadership.Alone(counts);
  private final StatusWriter writer = new StatusWriter(
      new OptimisticWrites(api, counts, Clock.systemUTC()), leadership, "me", System::nanoTime);
  private final List<ObjectStatus> statuses = new ArrayList<>();
  private final List<WarningEvent> events = new ArrayList<>();
  private final List<String> attempts = new ArrayList<>();

  /** As a policy engine that is down, with a selector of namespaces and {@code failurePolicy: Fail}. */
  @Test
  void aWebhookThatFailsInOneNamespaceStopsNobodyElse() throws InterruptedException {
    pools("a-team", 10);
    event("a-team");
    pools("b-team", 2);
    event("b-team");
    failing(path -> path.contains("/a-team/"));
    assertThat(pass().failed()).isTrue();
    assertThat(writtenIn("b-team")).hasSize(3);
    assertThat(attempts.stream().filter(path -> path.contains("/a-team/")))
        .as("attempts that may each take seconds")
        .hasSize(3);
    failing(_ -> false);
    assertThat(pass().failed()).isFalse();
    assertThat(writtenIn("a-team")).hasSize(11);
    assertThat(writtenIn("b-team")).hasSize(3);
  }

  /** As objects whose statuses exceed the size of a request to etcd. */
  @Test
  void brokenObjectsStopNoOtherOfTheirNamespace() throws InterruptedException {
    pools("models", 8);
    failing(path -> !path.contains("/pool-6") && !path.contains("/pool-7"));
    for (int i = 0; i < 3; i++) { // each tries three that it does not know
      assertThat(pass().failed()).isTrue();
    }
    assertThat(writtenIn("models")).hasSize(2);
  }

  @Test
  void severalBrokenNamespacesStopTheOthersForOnePass() throws InterruptedException {
    for (String namespace : List.of("a", "b", "c", "d", "z")) {
      pools(namespace, 1);
    }
    event("z");
    failing(path -> !path.contains("/z/"));
    pass();
    pass();
    assertThat(writtenIn("z")).hasSize(2);
  }

  @Test
  void brokenNamespacesWithManyObjectsStopTheOthersForOnePass() throws InterruptedException {
    for (String namespace : List.of("a", "b", "c", "d", "z")) {
      pools(namespace, namespace.equals("z") ? 1 : 30);
    }
    failing(path -> !path.contains("/z/"));
    pass();
    pass();
    assertThat(writtenIn("z")).hasSize(1);
  }

  @Test
  void aPassEndsSoonWhereTheApiServerIsAway() throws InterruptedException {
    for (int i = 0; i < 20; i++) {
      pools("team-" + i, 5);
      event("team-" + i);
    }
    failing(_ -> true);
    assertThat(pass().failed()).isTrue();
    assertThat(attempts).hasSizeLessThan(10);
    assertThat(counts.failures).hasValue(attempts.size());
  }

  @Test
  void eachOutageIsLoggedOnce() throws InterruptedException {
    pools("models", 1);
    for (int outage = 1; outage <= 2; outage++) {
      try (Logged log = new Logged()) {
        failing(_ -> true);
        pass();
        pass();
        assertThat(log.lines()).as("outage %s", outage).hasSize(1);
        failing(_ -> false);
        pass();
      }
      change(outage);
    }
  }

  @Test
  void aFailureIsForgottenWithItsCause() throws InterruptedException {
    pools("models", 1);
    failing(_ -> true);
    pass();
    List<ObjectStatus> all = List.copyOf(statuses);
    statuses.clear(); // the pool is deleted
    pass();
    statuses.addAll(all); // and is made again
    try (Logged log = new Logged()) {
      pass();
      assertThat(log.lines()).hasSize(1);
    }
    StatusWriter other = new StatusWriter(
        new OptimisticWrites(api, counts, Clock.systemUTC()),
        leadership,
        "other",
        System::nanoTime);
    failing(_ -> false);
    other.write(new StatusPlan(statuses, List.of()), seen());
    pass(); // nothing is left to write
    change(1);
    failing(_ -> true);
    try (Logged log = new Logged()) {
      pass();
      assertThat(log.lines()).hasSize(1);
    }
  }

  /** Gives the pools another status. */
  private void change(int number) {
    statuses.replaceAll(status -> status("change " + number, status.object()));
  }

  private void failing(Predicate<String> which) {
    attempts.clear();
    api.before = path -> {
      attempts.add(path);
      if (which.test(path)) {
        throw new WriteFailure(500, path + ": failed calling webhook", new RuntimeException());
      }
    };
  }

  private List<String> writtenIn(String namespace) {
    return api.writes.stream()
        .filter(write -> write.contains("/" + namespace + "/"))
        .distinct() // the first status of a replica may take two writes
        .toList();
  }

  private void pools(String namespace, int number) {
    for (int i = 0; i < number; i++) {
      ObjectStatus.Key pool = new ObjectStatus.Key(StatusKind.POOL, namespace, "pool-" + i);
      api.put(
          OptimisticWrites.path(pool), JsonMapper.shared().readTree("""
          {"apiVersion": "inference.networking.k8s.io/v1", "kind": "InferencePool",
           "metadata": {"namespace": "%s", "name": "pool-%d", "generation": 1}}""".formatted(namespace, i)));
      statuses.add(status("a", pool));
    }
  }

  private static ObjectStatus status(String message, ObjectStatus.Key pool) {
    return new ObjectStatus(
        pool,
        1,
        List.of(new ObjectStatus.Entry(
            ParentRef.gateway("infra", "edge"),
            List.of(new Condition("Accepted", true, "Accepted", message)))));
  }

  private void event(String namespace) {
    events.add(new WarningEvent(
        "inference.networking.k8s.io/v1",
        "InferencePool",
        namespace,
        "pool-0",
        "u",
        1,
        "Odd",
        "odd"));
  }

  /** A pass over the objects as the watch brings them. */
  private StatusWriter.Rest pass() throws InterruptedException {
    return writer.write(new StatusPlan(statuses, events), seen());
  }

  private Map<ObjectStatus.Key, JsonNode> seen() {
    Map<ObjectStatus.Key, JsonNode> seen = new HashMap<>();
    statuses.forEach(status -> seen.put(
        status.object(), api.get(OptimisticWrites.path(status.object())).orElseThrow()));
    return seen;
  }
}
