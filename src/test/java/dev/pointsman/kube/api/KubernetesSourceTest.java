package dev.pointsman.kube.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.kube.api.StandInApiServer.Failure;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Endpoint;
import dev.pointsman.model.PoolRef;
import dev.pointsman.rig.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How an API server fails; the rest is shown with a real one. */
class KubernetesSourceTest {
  private static final Duration SOON = Duration.ofSeconds(15);
  private static final String POOLS = "/apis/inference.networking.k8s.io/v1/inferencepools";
  private static final String MODELS =
      "/apis/inference.networking.x-k8s.io/v1alpha2/inferencemodels";
  private static final String GATEWAYS = "/apis/gateway.networking.k8s.io/v1/gateways";
  private static final String SERVICES = "/api/v1/services";
  private static final String SLICES = "/apis/discovery.k8s.io/v1/endpointslices";
  private static final String PODS = "/api/v1/namespaces/ml/pods";
  private static final PoolRef POOL = new PoolRef(PoolRef.V1, "ml", "qwen");

  @TempDir
  Path folder;

  private StandInApiServer server;
  private KubernetesSource source;
  private final AtomicInteger snapshots = new AtomicInteger();

  @BeforeEach
  void start() throws Exception {
    server = new StandInApiServer();
    server.store(POOLS, "qwen", """
        {"metadata": {"name": "qwen", "namespace": "ml", "resourceVersion": "VERSION"},
         "spec": {"selector": {"matchLabels": {"app": "qwen"}}, "targetPorts": [{"number": 8000}],
                  "endpointPickerRef": {"name": "picker", "port": {"number": 9002}}}}
        """);
    server.store(PODS, "qwen-0", pod("qwen-0", "10.0.0.1", true));
    source = new KubernetesSource(server.access(folder), List.of(), () -> {});
  }

  @AfterEach
  void stop() {
    source.close();
    server.close();
  }

  private void run() {
    source.start(_ -> snapshots.incrementAndGet());
  }

  private static String pod(String name, String ip, boolean ready) {
    return """
        {"metadata": {"name": "%s", "namespace": "ml", "resourceVersion": "VERSION",
                      "labels": {"app": "qwen"}},
         "status": {"podIP": "%s", "conditions": [{"type": "Ready", "status": "%s"}]}}""".formatted(name, ip, ready ? "True" : "False").replace("\n", " ");
  }

  private void assertEndpoints(String... addresses) {
    List<Endpoint> expected =
        List.of(addresses).stream().map(address -> new Endpoint(address, 8000)).toList();
    Eventually.within(SOON, () -> assertThat(source.get().endpointsOf(POOL)).contains(expected));
  }

  private long asked(String part) {
    return server.requests().stream().filter(request -> request.contains(part)).count();
  }

  @Test
  void listsOnceAndFollowsTheWatch() throws Exception {
    run();
    assertEndpoints("10.0.0.1");
    assertThat(snapshots).hasValue(1); // nothing before everything was read
    Eventually.within(SOON, () -> assertThat(server.watching(PODS)).isOne());
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
    Eventually.within(SOON, () -> assertThat(server.watching(PODS)).isOne());
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
    Eventually.within(SOON, () -> assertThat(server.watching(PODS)).isOne());
    for (int i = 0; i < 10; i++) {
      server.put(PODS, "qwen-0", pod("qwen-0", "10.0.0.1", true)); // only its version is another
    }
    ClusterSnapshot before = source.get();
    Eventually.throughout(Duration.ofMillis(300), () -> assertThat(source.get()).isSameAs(before));
    StringBuilder burst = new StringBuilder();
    for (int i = 0; i < 500; i++) {
      String ip = "10.1." + i / 250 + "." + (i % 250 + 1);
      burst.append(StandInApiServer.event("ADDED", pod("burst-" + i, ip, true))).append("\n");
    }
    server.send(PODS, burst.toString());
    Eventually.within(
        SOON, () -> assertThat(source.get().endpointsOf(POOL).orElseThrow()).hasSize(501));
    assertThat(snapshots).hasValueLessThan(250);
  }

  @Test
  void goesOnWhereACutWatchEndedAndListsAgainWhenThatIsTooLongAgo() throws Exception {
    run();
    assertEndpoints("10.0.0.1");
    Eventually.within(SOON, () -> assertThat(server.watching(PODS)).isOne());
    server.cut(PODS);
    Eventually.within(SOON, () -> assertThat(server.watching(PODS)).isOne());
    assertThat(asked(PODS + "?limit")).isOne();
    server.store(PODS, "qwen-1", pod("qwen-1", "10.0.0.2", true)); // missed
    server.send(
        PODS,
        StandInApiServer.event(
            "ERROR", "{\"kind\": \"Status\", \"code\": 410, \"message\": \"x\"}"));
    assertEndpoints("10.0.0.1", "10.0.0.2");
    assertThat(asked(PODS + "?limit")).isEqualTo(2);
    server.store(PODS, "qwen-2", pod("qwen-2", "10.0.0.3", true));
    server.fail(PODS, new Failure(410, 1, Map.of(), ""));
    server.cut(PODS);
    assertEndpoints("10.0.0.1", "10.0.0.2", "10.0.0.3");
  }

  /** From the version before it the watch would begin with the same event again. */
  @Test
  void listsAgainWhereAnEventCannotBeRead() throws Exception {
    run();
    assertEndpoints("10.0.0.1");
    Eventually.within(SOON, () -> assertThat(server.watching(PODS)).isOne());
    server.store(PODS, "qwen-1", pod("qwen-1", "10.0.0.2", true));
    server.send(PODS, "{\"type\": no JSON}");
    assertEndpoints("10.0.0.1", "10.0.0.2");
    assertThat(asked(PODS + "?limit")).isEqualTo(2);
  }

  @Test
  void waitsAsLongAsABusyApiServerAsks() throws Exception {
    server.fail(POOLS, new Failure(429, 1, Map.of("Retry-After", "2"), "busy"));
    run();
    Eventually.throughout(Duration.ofMillis(1500), () -> {
      assertThat(source.synced()).isFalse();
      assertThat(asked(POOLS + "?limit")).isLessThanOrEqualTo(1);
    });
    assertEndpoints("10.0.0.1");
  }

  @Test
  void keepsWhatItKnowsOfAKindThatIsForbiddenLater() throws Exception {
    run();
    assertEndpoints("10.0.0.1");
    Eventually.within(SOON, () -> assertThat(server.watching(PODS)).isOne());
    server.fail(PODS, new Failure(403, 1000, Map.of(), "{\"message\": \"no\"}"));
    server.cut(PODS);
    Eventually.within(
        SOON,
        () -> assertThat(source.state().problems())
            .singleElement()
            .asString()
            .contains("Role of namespace ml")
            .contains("resources: [\"pods\"]"));
    assertEndpoints("10.0.0.1");
  }

  @Test
  void doesNotCallAPoolEmptyWhosePodsItMayNotRead() throws Exception {
    server.fail(PODS, new Failure(403, 1000, Map.of(), "{\"message\": \"no\"}"));
    server.fail(MODELS, new Failure(404, 1000, Map.of(), "404 page not found"));
    run();
    Eventually.within(SOON, () -> assertThat(source.synced()).isTrue());
    assertThat(source.get().pools()).containsKey(POOL);
    assertThat(source.get().endpointsOf(POOL)).isEmpty();
  }

  @Test
  void waitsForAKindThatTheApiServerFailsToGive() throws Exception {
    server.fail(SLICES, new Failure(500, 3, Map.of(), "{\"message\": \"conversion failed\"}"));
    run();
    Eventually.within(
        SOON,
        () -> assertThat(source.state().problems())
            .singleElement()
            .asString()
            .contains("conversion failed"));
    assertEndpoints("10.0.0.1");
    assertThat(source.state().problems()).isEmpty();
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
    Eventually.within(
        SOON,
        () -> assertThat(source.diagnostics())
            .isNotEmpty()
            .allSatisfy(problem -> assertThat(problem.about().name()).isEqualTo("broken")));
    server.delete(POOLS, "broken");
    Eventually.within(SOON, () -> assertThat(source.diagnostics()).isEmpty());
  }

  @Test
  void aGatewayIsGoneOnlyIfTheOthersWereRead() throws Exception {
    server.store(GATEWAYS, "public", """
        {"metadata": {"name": "public", "namespace": "ml", "resourceVersion": "VERSION"}}
        """);
    assertThat(source.isGone(Kind.GATEWAY, "ml", "public")).isFalse(); // nothing was read yet
    run();
    Eventually.within(
        SOON, () -> assertThat(source.isGone(Kind.GATEWAY, "ml", "other")).isTrue());
    assertThat(source.isGone(Kind.GATEWAY, "ml", "public")).isFalse();
    Eventually.within(SOON, () -> assertThat(server.watching(GATEWAYS)).isOne());
    server.delete(GATEWAYS, "public");
    Eventually.within(
        SOON, () -> assertThat(source.isGone(Kind.GATEWAY, "ml", "public")).isTrue());
  }

  @Test
  void aGatewayThatMayNotBeReadIsNotGone() throws Exception {
    server.fail(GATEWAYS, new Failure(403, 1000, Map.of(), "{\"message\": \"no\"}"));
    run();
    assertEndpoints("10.0.0.1"); // everything is settled
    assertThat(source.isGone(Kind.GATEWAY, "ml", "public")).isFalse();
  }

  @Test
  void doesNotWaitForPodsWhosePoolsAreGone() throws Exception {
    server.fail(PODS, new Failure(500, 1_000_000, Map.of(), "{\"message\": \"no pods today\"}"));
    run();
    Eventually.within(
        SOON,
        () -> assertThat(source.state().problems())
            .singleElement()
            .asString()
            .contains("no pods today"));
    assertThat(source.synced()).isFalse();
    server.delete(POOLS, "qwen");
    Eventually.within(SOON, () -> assertThat(source.synced()).isTrue());
    assertThat(source.get().pools()).isEmpty();
  }

  @Test
  void readsATokenAgainThatWasRenewed() throws Exception {
    run();
    assertEndpoints("10.0.0.1");
    Eventually.within(SOON, () -> assertThat(server.watching(PODS)).isOne());
    Files.writeString(folder.resolve("token"), "second");
    server.fail(PODS, new Failure(401, 1, Map.of(), "{\"message\": \"Unauthorized\"}"));
    server.cut(PODS);
    Eventually.within(
        SOON,
        () -> assertThat(asked("Bearer second")).as("%s", server.requests()).isPositive());
    Eventually.within(SOON, () -> assertThat(server.watching(PODS)).isOne());
  }

  @Test
  void survivesWhatIsNoAnswerOfAnApiServer() throws Exception {
    server.fail(POOLS, new Failure(200, 2, Map.of(), "<html>not what you expect</html>"));
    run();
    assertEndpoints("10.0.0.1");
    Eventually.within(SOON, () -> assertThat(server.watching(PODS)).isOne());
    server.send(PODS, "{\"type\": \"ADDED\", \"object\": null}\n{\"type\": 7}\n[]");
    server.send(PODS, "no JSON at all {{{");
    server.store(PODS, "qwen-1", pod("qwen-1", "10.0.0.2", true));
    Eventually.within(SOON, () -> assertThat(asked(PODS + "?watch")).isGreaterThan(1));
    server.cut(PODS);
    Eventually.within(SOON, () -> assertThat(server.watching(PODS)).isOne());
    server.put(PODS, "qwen-2", pod("qwen-2", "10.0.0.3", true));
    Eventually.within(
        SOON,
        () -> assertThat(source.get().endpointsOf(POOL).orElseThrow())
            .contains(new Endpoint("10.0.0.3", 8000)));
  }
}
