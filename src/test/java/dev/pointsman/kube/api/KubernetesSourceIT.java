package dev.pointsman.kube.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.model.PodIndex;
import dev.pointsman.model.PoolRef;
import dev.pointsman.rig.ControlPlane;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Snapshots of what a real API server has. */
class KubernetesSourceIT extends RealApiServer {
  @Test
  void seesKindsComeAndGo() throws Exception {
    namespace("kinds");
    plane.createCrds("");
    plane.deleteCrds();
    try (KubernetesSource source = source(ControlPlane.ADMIN)) {
      awaitSynced(source);
      // The API server serves objects of a deleted kind for a moment.
      await().atMost(SOON).untilAsserted(() -> assertThat(source.get().pools()).isEmpty());
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(source.state().problems())
              .isNotEmpty()
              .allMatch(problem -> problem.startsWith("the cluster does not serve ")));
      plane.createCrds("");
      PoolRef pool = pool("kinds", "here");
      pod("kinds", "here-0", "here", "10.1.0.1");
      assertEndpoints(source, pool, "10.1.0.1");
      plane.apply(
          "/apis/inference.networking.x-k8s.io/v1alpha2/namespaces/kinds/inferencepools", """
          apiVersion: inference.networking.x-k8s.io/v1alpha2
          kind: InferencePool
          metadata: {name: here, namespace: kinds}
          spec: {selector: {app: here}, targetPortNumber: 8000, extensionRef: {name: picker}}
          """);
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(source.state().problems()).isEmpty());
      PoolRef alpha = new PoolRef(PoolRef.V1ALPHA2, "kinds", "here");
      assertEndpoints(source, alpha, "10.1.0.1");
      plane.apply("/apis/gateway.networking.k8s.io/v1beta1/namespaces/kinds/referencegrants", """
          apiVersion: gateway.networking.k8s.io/v1beta1
          kind: ReferenceGrant
          metadata: {name: some, namespace: kinds}
          spec:
            from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: other}]
            to: [{group: "", kind: Service}]
          """);
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(source.get().grants().size()).isOne());
      plane.delete(ControlPlane.CRDS + "/inferencepools.inference.networking.k8s.io");
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(source.get().pools()).containsOnlyKeys(alpha));
      plane.createCrds("inference.networking.k8s.io_inferencepools");
      pool("kinds", "here");
      assertEndpoints(source, pool, "10.1.0.1");
    }
  }

  @Test
  void followsPods() throws Exception {
    plane.createCrds("");
    namespace("pods");
    namespace("elsewhere");
    pod("elsewhere", "not-ours-0", "not-ours", "10.2.9.1");
    PoolRef pool = pool("pods", "qwen");
    try (KubernetesSource source = source(ControlPlane.ADMIN)) {
      awaitSynced(source);
      assertEndpoints(source, pool);
      pod("pods", "qwen-0", "qwen", "10.2.0.1", "fd00::1");
      pod("pods", "qwen-1", "qwen", "fd00::2", "10.2.0.2");
      assertEndpoints(source, pool, "10.2.0.1", "fd00::2");
      status("pods", "qwen-0", false, "10.2.0.1");
      assertEndpoints(source, pool, "fd00::2");
      status("pods", "qwen-0", true, "10.2.0.1");
      assertEndpoints(source, pool, "10.2.0.1", "fd00::2");
      plane.deleteGracefully(pods("pods") + "/qwen-1"); // its finalizer keeps the object
      assertEndpoints(source, pool, "10.2.0.1");
      plane.merge(pods("pods") + "/qwen-0", "{\"metadata\": {\"labels\": {\"app\": \"other\"}}}");
      assertEndpoints(source, pool);
      plane.merge(pods("pods") + "/qwen-0", "{\"metadata\": {\"labels\": {\"app\": \"qwen\"}}}");
      assertEndpoints(source, pool, "10.2.0.1");
      plane.merge(pods("pods") + "/qwen-0", "{\"metadata\": {\"finalizers\": null}}");
      plane.delete(pods("pods") + "/qwen-0");
      assertEndpoints(source, pool);
      assertThat(source.get().endpointsOf(new PoolRef(PoolRef.V1, "elsewhere", "none")))
          .isEmpty();
      assertThat(source.get().pods().isSameIn("elsewhere", PodIndex.UNREAD)).isTrue();
      PoolRef late = pool("elsewhere", "not-ours"); // only now are the namespace's pods of interest
      assertEndpoints(source, late, "10.2.9.1");
    }
  }

  @Test
  void servesWhatItKnowsWhileTheApiServerIsAway() throws Exception {
    plane.createCrds("");
    namespace("outage");
    PoolRef pool = pool("outage", "qwen");
    pod("outage", "qwen-0", "qwen", "10.3.0.1");
    pod("outage", "qwen-1", "qwen", "10.3.0.2");
    try (KubernetesSource source = source(ControlPlane.ADMIN)) {
      awaitSynced(source);
      assertEndpoints(source, pool, "10.3.0.1", "10.3.0.2");
      assertThat(source.state().disconnectedSince()).isEmpty();
      plane.stopApiServer();
      await()
          .atMost(SOON)
          .untilAsserted(() -> assertThat(source.state().disconnectedSince()).isPresent());
      Optional<Instant> since = source.state().disconnectedSince();
      try (KubernetesSource started = source(ControlPlane.ADMIN)) { // waits, and does not give up
        await()
            .atMost(SOON)
            .untilAsserted(() -> assertThat(started.state().disconnectedSince()).isPresent());
        assertThat(started.synced()).isFalse();
        await()
            .during(Duration.ofSeconds(2))
            .atMost(Duration.ofSeconds(2).plusSeconds(5))
            .untilAsserted(() -> {
              assertThat(source.get().endpointsOf(pool).orElseThrow()).hasSize(2);
              assertThat(source.synced()).isTrue();
              assertThat(source.state().disconnectedSince()).isEqualTo(since);
            });
        plane.startApiServerAgain();
        status("outage", "qwen-0", false, "10.3.0.1");
        assertEndpoints(source, pool, "10.3.0.2");
        assertThat(source.state().disconnectedSince()).isEmpty();
        awaitSynced(started);
        assertEndpoints(started, pool, "10.3.0.2");
      }
    }
  }

  @Test
  void givesWholeObjectsWithoutUnusedMetadata() throws Exception {
    plane.createCrds("");
    namespace("whole");
    try (KubernetesSource source = source(ControlPlane.ADMIN)) {
      awaitSynced(source);
      AtomicInteger calls = new AtomicInteger();
      source.onChange(calls::incrementAndGet);
      pool("whole", "qwen");
      plane.merge(
          "/apis/inference.networking.k8s.io/v1/namespaces/whole/inferencepools/qwen/status", """
          {"status": {"parents": [{"parentRef": {"name": "gateway"}, "controllerName": "example.com/x"}]}}
          """);
      await().atMost(SOON).untilAsserted(() -> {
        List<JsonNode> pools = source.all(Kind.POOL).stream()
            .filter(one -> one.path("metadata").path("namespace").asString().equals("whole"))
            .toList();
        assertThat(pools).hasSize(1);
        JsonNode pool = pools.getFirst();
        assertThat(pool.path("kind").asString()).isEqualTo("InferencePool");
        assertThat(pool.path("status").path("parents")).hasSize(1);
        assertThat(pool.path("metadata").path("uid").asString()).isNotEmpty();
        assertThat(pool.path("metadata").has("managedFields")).isFalse();
        assertThat(calls).hasPositiveValue();
      });
    }
  }
}
