package dev.pointsman.kube.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.kube.api.StandInApiServer.Failure;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The snapshots that follow from lists and watches; {@link KubernetesSourceIT} uses a real API server. */
class KubernetesSourceTest extends StandInFixture {
  @Test
  void listsOnceAndFollowsTheWatch() throws Exception {
    run();
    assertEndpoints("10.0.0.1");
    await().atMost(SOON).untilAsserted(() -> assertThat(server.watching(PODS)).isOne());
    server.put(PODS, "qwen-1", pod("qwen-1", "10.0.0.2", true));
    assertEndpoints("10.0.0.1", "10.0.0.2");
    server.put(PODS, "qwen-0", pod("qwen-0", "10.0.0.1", false));
    assertEndpoints("10.0.0.2");
    server.delete(PODS, "qwen-1");
    assertEndpoints();
    assertThat(asked(PODS + "?limit")).isOne();
  }

  /** Its address may be another team's pod by then. */
  @Test
  void dropsAPodThatHasFinishedWithAnOldReadyCondition() throws Exception {
    run();
    assertEndpoints("10.0.0.1");
    await().atMost(SOON).untilAsserted(() -> assertThat(server.watching(PODS)).isOne());
    String ready = pod("qwen-0", "10.0.0.1", true);
    server.put(PODS, "qwen-0", ready.replace("\"podIP\"", "\"phase\": \"Failed\", \"podIP\""));
    assertEndpoints();
    server.put(PODS, "qwen-0", ready.replace("\"podIP\"", "\"phase\": \"Running\", \"podIP\""));
    assertEndpoints("10.0.0.1");
  }

  /**
   * Kinds are read side by side, and each may be the last; a snapshot without one would empty pools at Envoy. Many at
   * once, so that they are interrupted everywhere.
   */
  @Test
  void theFirstSnapshotHasEverything() throws Exception {
    server.store(SERVICES, "picker", """
        {"metadata": {"name": "picker", "namespace": "ml", "resourceVersion": "VERSION"},
         "spec": {"ports": [{"port": 9002}]}}
        """);
    List<KubernetesSource> sources = new ArrayList<>();
    List<CompletableFuture<ClusterSnapshot>> firsts = new ArrayList<>();
    try {
      for (int i = 0; i < 60; i++) {
        CompletableFuture<ClusterSnapshot> first = new CompletableFuture<>();
        KubernetesSource one = new KubernetesSource(server.access(folder), List.of(), () -> {});
        one.start(first::complete);
        sources.add(one);
        firsts.add(first);
      }
      for (CompletableFuture<ClusterSnapshot> first : firsts) {
        ClusterSnapshot snapshot = first.get(60, TimeUnit.SECONDS);
        assertThat(snapshot.endpointsOf(POOL)).contains(List.of(new Endpoint("10.0.0.1", 8000)));
        assertThat(snapshot.services()).hasSize(1);
      }
    } finally {
      sources.forEach(KubernetesSource::close);
    }
  }

  @Test
  void aBurstBecomesFewSnapshotsAndWhatChangesNothingNone() throws Exception {
    run();
    assertEndpoints("10.0.0.1");
    await().atMost(SOON).untilAsserted(() -> assertThat(server.watching(PODS)).isOne());
    for (int i = 0; i < 10; i++) {
      server.put(PODS, "qwen-0", pod("qwen-0", "10.0.0.1", true)); // only its version is another
    }
    ClusterSnapshot before = source.get();
    await()
        .during(Duration.ofMillis(300))
        .atMost(Duration.ofMillis(300).plusSeconds(5))
        .untilAsserted(() -> assertThat(source.get()).isSameAs(before));
    StringBuilder burst = new StringBuilder();
    for (int i = 0; i < 500; i++) {
      String ip = "10.1." + i / 250 + "." + (i % 250 + 1);
      burst.append(StandInApiServer.event("ADDED", pod("burst-" + i, ip, true))).append("\n");
    }
    server.send(PODS, burst.toString());
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(source.get().endpointsOf(POOL).orElseThrow()).hasSize(501));
    assertThat(snapshots).hasValueLessThan(250);
  }

  @Test
  void tellsTheProblemsOfObjects() throws Exception {
    run();
    assertEndpoints("10.0.0.1");
    assertThat(source.diagnostics()).isEmpty();
    server.put(
        POOLS,
        "broken",
        "{\"metadata\": {\"name\": \"broken\", \"namespace\": \"ml\", \"resourceVersion\": \"VERSION\"}}");
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(source.diagnostics())
            .isNotEmpty()
            .allSatisfy(problem -> assertThat(problem.about().name()).isEqualTo("broken")));
    server.delete(POOLS, "broken");
    await().atMost(SOON).untilAsserted(() -> assertThat(source.diagnostics()).isEmpty());
  }

  @Test
  void aGatewayIsGoneOnlyIfTheOthersWereRead() throws Exception {
    server.store(GATEWAYS, "public", """
        {"metadata": {"name": "public", "namespace": "ml", "resourceVersion": "VERSION"}}
        """);
    assertThat(source.isGone(Kind.GATEWAY, "ml", "public")).isFalse(); // nothing was read yet
    run();
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(source.isGone(Kind.GATEWAY, "ml", "other")).isTrue());
    assertThat(source.isGone(Kind.GATEWAY, "ml", "public")).isFalse();
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(server.watching(GATEWAYS)).isOne());
    server.delete(GATEWAYS, "public");
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(source.isGone(Kind.GATEWAY, "ml", "public")).isTrue());
  }

  /** Endpoint discovery serves a deleted pool's pods until Envoy Gateway has translated. */
  @Test
  void knowsThePodsOfADeletedPoolForAWhile() throws Exception {
    run();
    assertEndpoints("10.0.0.1");
    await().atMost(SOON).untilAsserted(() -> assertThat(server.watching(PODS)).isOne());
    server.delete(POOLS, "qwen");
    await().atMost(SOON).untilAsserted(() -> assertThat(source.get().pools()).isEmpty());
    server.put(PODS, "qwen-1", pod("qwen-1", "10.0.0.2", true));
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(source.get().pods().size()).isEqualTo(2));
  }

  @Test
  void forgetsPodsWithoutPoolsLater() {
    AtomicLong now = new AtomicLong();
    UnnamedPods unnamed = new UnnamedPods(now::get);
    Query pods = Query.all(Kind.POD, "ml");
    assertThat(unnamed.ends(pods, false, true)).isFalse();
    now.set(Duration.ofSeconds(119).toNanos());
    assertThat(unnamed.ends(pods, false, true)).isFalse();
    assertThat(unnamed.ends(pods, true, true)).isFalse(); // the pool is there again
    assertThat(unnamed.ends(pods, false, true)).isFalse(); // and is deleted again
    now.set(Duration.ofMinutes(4).toNanos());
    assertThat(unnamed.ends(pods, false, true)).isTrue();
    assertThat(unnamed.ends(Query.all(Kind.POD, "unread"), false, false)).isTrue();
  }

  @Test
  void doesNotWaitForPodsWhosePoolsAreGone() throws Exception {
    server.fail(PODS, new Failure(500, 1_000_000, Map.of(), "{\"message\": \"no pods today\"}"));
    run();
    awaitProblem("no pods today");
    assertThat(source.synced()).isFalse();
    await().atMost(SOON).untilAsserted(() -> assertThat(server.watching(POOLS)).isOne());
    server.delete(POOLS, "qwen");
    await().atMost(SOON).untilAsserted(() -> assertThat(source.synced()).isTrue());
    assertThat(source.get().pools()).isEmpty();
  }
}
