package dev.pointsman.kube.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.kube.status.WriteApi.WriteFailure;
import dev.pointsman.status.Condition;
import dev.pointsman.status.ObjectStatus;
import dev.pointsman.status.ParentRef;
import dev.pointsman.status.StatusKind;
import dev.pointsman.status.StatusPlan;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Statuses of pools whose definition is older than v1.1.0: the API server drops the names of controllers. */
class OldPoolDefinitionTest {
  private static final ObjectStatus.Key POOL =
      new ObjectStatus.Key(StatusKind.POOL, "models", "qwen");
  private static final String PATH = OptimisticWrites.path(POOL);

  private final FakeWriteApi api = new FakeWriteApi();
  private int calls;

  @BeforeEach
  void anOldDefinition() {
    api.schema = OldPoolDefinitionTest::dropNames;
    aPool();
  }

  private void aPool() {
    api.put(PATH, JsonMapper.shared().readTree("""
        {"apiVersion": "inference.networking.k8s.io/v1", "kind": "InferencePool",
         "metadata": {"namespace": "models", "name": "qwen", "generation": 1}}"""));
  }

  private static void dropNames(JsonNode pool) {
    pool.at("/status/parents")
        .values()
        .forEach(entry -> ((ObjectNode) entry).remove("controllerName"));
  }

  @Test
  void entriesAreMarkedFromTheFirstWriteOn() throws InterruptedException {
    StatusWriter writer = replica();
    for (int i = 0; i < 3; i++) {
      writer.write(status("1 of 2 pods is ready"), seen());
    }
    assertThat(entries()).singleElement().asString().contains("pointsman.dev/Controller");
    assertThat(api.writes).hasSize(1);
  }

  /** With a newer definition, too, it is not known before. */
  @Test
  void theMarkIsRemovedAtOnceWhereTheNameIsKept() throws InterruptedException {
    api.schema = _ -> {};
    StatusWriter writer = replica();
    for (int i = 0; i < 3; i++) {
      writer.write(status("1 of 2 pods is ready"), seen());
    }
    assertThat(entries()).singleElement().asString().doesNotContain("pointsman.dev/Controller");
    assertThat(api.writes).hasSize(2);
    aPool();
    writer.write(status("1 of 2 pods is ready"), seen());
    assertThat(api.writes).as("it is known now").hasSize(3);
  }

  /** At each of its calls: another replica goes on, and finds another status to write by then. */
  @Test
  void anEntryOfAReplicaThatEndsIsTheNextReplicas() throws InterruptedException {
    for (int last = 1; last <= 2; last++) {
      aPool();
      endsAfter(last);
      replica().write(status("1 of 2 pods is ready"), seen());
      api.before = _ -> {};
      StatusWriter next = replica();
      next.write(status("2 of 2 pods are ready"), seen());
      assertThat(entries()).as("after %s calls", last).hasSize(1);
      assertThat(entries().getFirst().toString()).contains("2 of 2", "pointsman.dev/Controller");
      next.write(new StatusPlan(List.of(new ObjectStatus(POOL, 1, List.of())), List.of()), seen());
      assertThat(entries()).isEmpty();
    }
  }

  @Test
  void anEntryStaysOursWhereAnotherWriterIsFaster() throws InterruptedException {
    StatusWriter writer = replica();
    api.before = path -> {
      if (++calls == 2) {
        api.put(PATH, api.get(PATH).orElseThrow()); // somebody changes the pool between two writes
      }
    };
    writer.write(status("1 of 2 pods is ready"), seen());
    writer.write(status("2 of 2 pods are ready"), seen());
    assertThat(entries()).hasSize(1);
  }

  /** The definition is replaced by an older one while a replica runs. */
  @Test
  void aNameThatIsDroppedLaterIsNoticed() throws InterruptedException {
    StatusWriter writer = replica();
    api.schema = _ -> {};
    writer.write(status("1 of 2 pods is ready"), seen());
    assertThat(entries().getFirst().path("controllerName").asString()).startsWith("pointsman.dev");
    api.schema = OldPoolDefinitionTest::dropNames;
    aPool();
    writer.write(status("2 of 2 pods are ready"), seen());
    writer.write(status("no pod is ready"), seen());
    assertThat(entries()).hasSize(1);
    assertThat(entries().getFirst().toString()).contains("no pod", "pointsman.dev/Controller");
  }

  private void endsAfter(int last) {
    calls = 0;
    api.before = path -> {
      if (++calls > last) {
        throw new WriteFailure(0, "the process has ended", new IllegalStateException());
      }
    };
  }

  private StatusWriter replica() {
    Counts counts = new Counts();
    return new StatusWriter(
        new OptimisticWrites(api, counts, Clock.systemUTC()),
        new Leadership.Alone(counts),
        "me",
        System::nanoTime);
  }

  private Map<ObjectStatus.Key, JsonNode> seen() {
    return Map.of(POOL, api.get(PATH).orElseThrow());
  }

  private List<JsonNode> entries() {
    return List.copyOf(api.get(PATH).orElseThrow().at("/status/parents").values());
  }

  private static StatusPlan status(String message) {
    return new StatusPlan(
        List.of(new ObjectStatus(
            POOL,
            1,
            List.of(new ObjectStatus.Entry(
                ParentRef.gateway("infra", "edge"),
                List.of(new Condition("Ready", true, "Ready", message)))))),
        List.of());
  }
}
