package dev.pointsman.kube.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** StatusController and Events of one replica in a real API server. */
class StatusesIT extends StatusesFixture {
  @Test
  void statusesPassTheRealSchemasAndAreWrittenOnce() throws Exception {
    Counts counts = new Counts();
    replica("only", false, counts);
    await().atMost(SOON).untilAsserted(() -> {
      assertThat(said(POOLS + "/qwen", "parents"))
          .containsExactly(
              OURS + " Accepted=Accepted ResolvedRefs=InvalidExtensionRef Ready=NoPods");
      assertThat(said(ALPHA_POOLS + "/old", "parent"))
          .containsExactly(" Accepted=Accepted ResolvedRefs=ResolvedRefs Ready=NoPods"
              + " pointsman.dev/Controller=WrittenByPointsman");
      assertThat(said(POLICIES + "/copy", "ancestors"))
          .containsExactly(OURS + " Accepted=Accepted ResolvedRefs=BackendNotFound");
      assertThat(events()).singleElement().asString().contains("nowhere");
    });
    for (int i = 0; i < 4; i++) {
      plane.merge(ROUTE, "{\"metadata\": {\"annotations\": {\"touched\": \"" + i + "\"}}}");
      await()
          .during(Duration.ofMillis(700)) // longer than a pass takes to begin
          .untilAsserted(() ->
              assertThat(counts.statuses).as("writes, with nothing new to say").hasValue(3));
    }
    assertThat(counts.events).hasValue(1);

    plane.delete(ROUTE);
    await().atMost(SOON).untilAsserted(() -> {
      assertThat(said(POOLS + "/qwen", "parents")).isEmpty();
      assertThat(said(ALPHA_POOLS + "/old", "parent")).containsExactly(" Accepted=Pending");
      assertThat(said(POLICIES + "/copy", "ancestors"))
          .containsExactly(OURS + " Accepted=TargetNotFound");
    });
  }

  @Test
  void entriesOfAConcurrentWriterAreNeverLost() throws Exception {
    Counts counts = new Counts();
    replica("only", false, counts);
    int others = 12;
    for (int i = 0; i < others; i++) {
      int before = counts.statuses.get();
      plane.merge(
          POOLS + "/qwen", "{\"spec\": {\"targetPorts\": [{\"number\": " + (9000 + i) + "}]}}");
      addForeign("other-" + i);
      if (i % 2 == 0) { // the next one comes while we write, this one before
        await()
            .atMost(SOON)
            .untilAsserted(() -> assertThat(counts.statuses).hasValueGreaterThan(before));
      }
    }
    await().atMost(SOON).untilAsserted(() -> {
      JsonNode pool = api.get(POOLS + "/qwen").orElseThrow();
      assertThat(said(POOLS + "/qwen", "parents"))
          .hasSize(others + 1)
          .contains(OURS + " Accepted=Accepted ResolvedRefs=InvalidExtensionRef Ready=NoPods");
      assertThat(names(pool))
          .containsAll(IntStream.range(0, others).mapToObj(i -> "other-" + i).toList());
      assertThat(pool.path("status").path("parents").values())
          .filteredOn(one -> one.path("controllerName").asString("").equals(OURS))
          .allSatisfy(one -> assertThat(one.path("conditions").path(0).path("observedGeneration"))
              .isEqualTo(pool.path("metadata").path("generation")));
    });
  }

  /** As a good controller does it: read, change, write back what has not changed meanwhile. */
  private void addForeign(String gateway) {
    WriteApi.WriteResult written = new WriteApi.WriteResult.Conflict();
    while (!(written instanceof WriteApi.WriteResult.Done)) {
      ObjectNode pool = (ObjectNode) api.get(POOLS + "/qwen").orElseThrow();
      pool.withObject("status")
          .withArray("parents")
          .addObject()
          .put("controllerName", "example.com/other")
          .putObject("parentRef")
          .put("name", gateway);
      written = api.replace(POOLS + "/qwen/status", pool);
    }
  }

  private static List<String> names(JsonNode pool) {
    return pool.path("status").path("parents").values().stream()
        .map(entry -> entry.path("parentRef").path("name").asString())
        .toList();
  }
}
