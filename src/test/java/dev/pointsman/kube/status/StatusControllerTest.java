package dev.pointsman.kube.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pointsman.kube.api.Kind;
import dev.pointsman.kube.api.WatchedObjects;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.TranslationDemand;
import dev.pointsman.model.TranslationDemand.Cause;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class StatusControllerTest {
  private static final String POLICIES =
      "/apis/pointsman.dev/v1alpha1/namespaces/system/inferencepolicies";
  private static final JsonNode GATEWAY = json("""
      {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway",
       "metadata": {"namespace": "infra", "name": "edge"}, "spec": {"listeners": []}}""");
  private static final JsonNode POLICY = json("""
      {"apiVersion": "pointsman.dev/v1alpha1", "kind": "InferencePolicy",
       "metadata": {"namespace": "infra", "name": "limit", "generation": 1},
       "spec": {"targetRefs": [{"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": "edge"}],
                "model": {"bodyLimit": "1Mi"}},
       "status": {"ancestors": [{
         "ancestorRef": {"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": "edge"},
         "controllerName": "gateway.envoyproxy.io/gatewayclass-controller", "conditions": []}]}}""");

  private final FakeWriteApi api = new FakeWriteApi();
  private final Counts counts = new Counts();

  /** Objects that can be read from the second time on. */
  private static final class BrokenOnce implements WatchedObjects {
    private final AtomicInteger readings = new AtomicInteger();

    @Override
    public boolean synced() {
      return true;
    }

    @Override
    public List<JsonNode> all(Kind kind) {
      if (kind == Kind.POOL && readings.getAndIncrement() == 0) {
        throw new IllegalStateException("a bug");
      }
      return switch (kind) {
        case GATEWAY -> List.of(GATEWAY);
        case POLICY -> List.of(POLICY);
        default -> List.of();
      };
    }

    @Override
    public void onChange(Runnable listener) {}
  }

  @Test
  void aBugDoesNotKeepEnvoyGatewayFromBeingAskedToTranslateAgain() {
    OptimisticWrites writes = new OptimisticWrites(api, counts, Clock.systemUTC());
    Leadership.Alone leadership = new Leadership.Alone(counts);
    leadership.resign(); // another replica writes statuses
    try (StatusController statuses = new StatusController(
        new Observation(Set.of(), "pointsman", new BrokenOnce(), () -> ClusterSnapshot.EMPTY),
        leadership,
        new StatusWriter(writes, leadership, "me", System::nanoTime),
        Optional.of(new TranslationRequester(writes, "system", "me", Duration.ZERO)),
        () -> {})) {
      statuses.start();
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() -> assertThat(api.writes)
              .containsExactly(
                  "POST " + POLICIES, "DELETE " + POLICIES + "/" + TranslationRequester.NAME));
      statuses.translateAgain(new TranslationDemand(Cause.INCOMPLETE, Set.of()));
      statuses.translateAgain(new TranslationDemand(Cause.INCOMPLETE, Set.of()));
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() -> assertThat(api.writes)
              .as("asked once more for both")
              .containsExactly(
                  "POST " + POLICIES,
                  "DELETE " + POLICIES + "/" + TranslationRequester.NAME,
                  "POST " + POLICIES,
                  "DELETE " + POLICIES + "/" + TranslationRequester.NAME));
    }
  }

  /** Envoy Gateway would keep the translation of the replica that has stopped. */
  @Test
  void aReplicaThatHasStoppedRequestsATranslationByOthers() {
    OptimisticWrites writes = new OptimisticWrites(api, counts, Clock.systemUTC());
    Leadership.Alone leadership = new Leadership.Alone(counts);
    BrokenOnce objects = new BrokenOnce();
    assertThatThrownBy(() -> objects.all(Kind.POOL)).isNotNull();
    try (StatusController statuses = new StatusController(
        new Observation(Set.of(), "pointsman", objects, () -> ClusterSnapshot.EMPTY),
        leadership,
        new StatusWriter(writes, leadership, "me", System::nanoTime),
        Optional.of(new TranslationRequester(writes, "system", "me", Duration.ZERO)),
        () -> {})) {
      statuses.resign();
      assertThat(api.writes).isEmpty();
      statuses.requestLast();
      assertThat(api.writes)
          .containsExactly(
              "POST " + POLICIES, "DELETE " + POLICIES + "/" + TranslationRequester.NAME);
    }
  }

  /** A translation that stays incomplete, whatever is requested. */
  @Test
  void requestsForTheSameInputsAreMadeEverMoreSeldom() {
    OptimisticWrites writes = new OptimisticWrites(api, counts, Clock.systemUTC());
    Leadership.Alone leadership = new Leadership.Alone(counts);
    leadership.resign();
    try (StatusController statuses = new StatusController(
        new Observation(Set.of(), "pointsman", new BrokenOnce(), () -> ClusterSnapshot.EMPTY),
        leadership,
        new StatusWriter(writes, leadership, "me", System::nanoTime),
        Optional.of(new TranslationRequester(writes, "system", "me", Duration.ZERO)),
        () -> {})) {
      statuses.start();
      await()
          .during(Duration.ofSeconds(6))
          .atMost(Duration.ofSeconds(20))
          .pollInterval(Duration.ofMillis(50))
          .until(() -> {
            statuses.translateAgain(new TranslationDemand(Cause.INCOMPLETE, Set.of()));
            return true;
          });
      assertThat(api.writes)
          .as("at the start, at once, after 1 s and after 2 s more")
          .filteredOn(write -> write.startsWith("POST"))
          .hasSizeBetween(3, 4);
    }
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }
}
