package dev.pointsman.kube.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** StatusController of several replicas, of which one leads, in a real API server. */
class StatusReplicasIT extends StatusesFixture {
  @Test
  void ofTwoReplicasOneWritesAndTheOtherTakesOverAtOnceWhenItStops() throws Exception {
    Counts first = new Counts();
    Counts second = new Counts();
    StatusController leader = replica("first", true, first);
    await().atMost(SOON).untilAsserted(() -> assertThat(first.statuses).hasValue(3));
    replica("second", true, second);
    plane.merge(POOLS + "/qwen", "{\"spec\": {\"targetPorts\": [{\"number\": 8001}]}}");
    await().atMost(SOON).untilAsserted(() -> assertThat(first.statuses).hasValue(4));
    await()
        .during(Duration.ofSeconds(3)) // the other looks at the Lease meanwhile
        .untilAsserted(() -> assertThat(second.statuses).hasValue(0));

    long stopped = System.nanoTime();
    leader.close();
    plane.delete("/api/v1/namespaces/models/services/picker"); // concerns the old pool only
    await().atMost(SOON).untilAsserted(() -> assertThat(second.statuses).hasValue(1));
    assertThat(Duration.ofNanos(System.nanoTime() - stopped)).isLessThan(Duration.ofSeconds(10));
    assertThat(first.statuses).hasValue(4);
    assertThat(events())
        .as("one for each of two generations, and not said again by the next leader")
        .extracting(event -> event.path("reportingInstance").asString())
        .containsExactly("first", "first");
  }

  @Test
  void aLeaderThatIsCutOffStopsBeforeAnotherTakesOver() throws Exception {
    LeaderElection.Timing timing = new LeaderElection.Timing(
        Duration.ofSeconds(6), Duration.ofSeconds(3), Duration.ofSeconds(1));
    Cable cable = new Cable(api);
    Counts first = new Counts();
    LeaderElection leader = start("first", cable, timing, first);
    await().atMost(SOON).untilAsserted(() -> assertThat(first.statuses).hasValue(3));
    Counts second = new Counts();
    LeaderElection other = start("second", api, timing, second);
    cable.cut = true;
    plane.merge(POOLS + "/qwen", "{\"spec\": {\"targetPorts\": [{\"number\": 8001}]}}");
    await().pollInterval(Duration.ofMillis(20)).atMost(SOON).until(() -> {
      boolean held = leader.holds();
      assertThat(held && other.holds()).as("two lead").isFalse();
      return other.holds();
    });
    assertThat(leader.holds()).isFalse();
    await().atMost(SOON).untilAsserted(() -> assertThat(second.statuses).hasValue(1));
    cable.cut = false;
    await().during(Duration.ofMillis(2500)).untilAsserted(() -> {
      assertThat(leader.holds()).isFalse();
      assertThat(first.statuses).hasValue(3);
    });
  }

  @Test
  void aReplicaThatStartsWakesEnvoyGatewayAndLeavesNothingBehind() throws Exception {
    Counts first = new Counts();
    replica("first", true, first);
    await().atMost(SOON).untilAsserted(() -> assertThat(first.statuses).hasValue(3));
    List<String> before = said(POOLS + "/qwen", "parents");
    String version = version(POOLS + "/qwen");

    Counts second = new Counts();
    replica("second", true, Optional.of("pointsman"), second);
    String policy = "/apis/pointsman.dev/v1alpha1/namespaces/pointsman/inferencepolicies/"
        + TranslationRequester.NAME;
    await().atMost(SOON).untilAsserted(() -> assertThat(api.get(policy)).isPresent());
    assertThat(version(POOLS + "/qwen")).as("changed before that").isNotEqualTo(version);
    await().atMost(SOON).untilAsserted(() -> assertThat(api.get(policy)).isEmpty());
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(said(POOLS + "/qwen", "parents")).isEqualTo(before));
  }

  private static String version(String path) {
    return api.get(path).orElseThrow().at("/metadata/resourceVersion").asString();
  }

  /** A connection that can be cut. */
  private static final class Cable implements WriteApi {
    private final WriteApi api;
    volatile boolean cut;

    Cable(WriteApi api) {
      this.api = api;
    }

    private WriteApi api() {
      if (cut) {
        throw new WriteFailure(0, "cut", new IllegalStateException());
      }
      return api;
    }

    @Override
    public Optional<JsonNode> get(String path) {
      return api().get(path);
    }

    @Override
    public WriteResult create(String path, JsonNode object) {
      return api().create(path, object);
    }

    @Override
    public WriteResult replace(String path, JsonNode object) {
      return api().replace(path, object);
    }

    @Override
    public WriteResult delete(String path) {
      return api().delete(path);
    }
  }
}
