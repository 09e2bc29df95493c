package dev.pointsman.server;

import static dev.pointsman.server.OutdatedTranslationsTest.translation;
import static dev.pointsman.server.OutdatedTranslationsTest.withAdapters;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.model.AppProtocol;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.ClusterSnapshot.ObjectName;
import dev.pointsman.model.EndpointPicker;
import dev.pointsman.model.FailureMode;
import dev.pointsman.model.GrantIndex;
import dev.pointsman.model.InferencePool;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.model.PoolRef;
import dev.pointsman.model.Service;
import dev.pointsman.model.ServicePort;
import dev.pointsman.model.TranslationDemand;
import dev.pointsman.plan.ClusterReads;
import dev.pointsman.plan.ClusterReads.Adapters;
import dev.pointsman.plan.PickersNearby;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests that another one, a long translation or a deleted Gateway would delay or multiply. */
class RequestsOfChangesTest {
  private static final ObjectRef A = new ObjectRef("Gateway", "default", "a");
  private static final ClusterSnapshot BEFORE = ClusterSnapshot.EMPTY;
  private static final ClusterSnapshot AFTER = withAdapters("team-a");

  private final Queue<TranslationDemand> demands = new ConcurrentLinkedQueue<>();
  private final AtomicReference<ClusterSnapshot> now = new AtomicReference<>(BEFORE);
  private final Set<ObjectRef> gone = new HashSet<>();
  private final OutdatedTranslations outdated =
      new OutdatedTranslations(now::get, gone::contains, demands::add);

  @AfterEach
  void close() {
    outdated.close();
  }

  private List<String> look(ClusterSnapshot snapshot) {
    return OutdatedTranslationsTest.namespaces(outdated.outdated(snapshot));
  }

  /** The request for pools that come and go is made more and more seldom, and that for a revoked grant is not. */
  @Test
  void announcedPickersAreRequestedApartFromAllElse() {
    ClusterReads reads = new ClusterReads(BEFORE);
    assertThat(reads.of(new PickersNearby(Map.of("team-a", 16)))).isEmpty();
    assertThat(reads.of(new Adapters("team-a", "qwen"))).isNotEmpty();
    outdated.translated(translation(reads.results(), A), Duration.ZERO);
    now.set(withPicker("team-a", BEFORE));
    outdated.changed();
    await().until(() -> demands.size() == 1);
    now.set(withPicker("team-a", AFTER));
    outdated.changed();
    await().until(() -> demands.size() == 2);
    assertThat(demands).doesNotHaveDuplicates();
  }

  private static ClusterSnapshot withPicker(String namespace, ClusterSnapshot others) {
    ServicePort service = new ServicePort(namespace, "epp", 9002);
    PoolRef pool = new PoolRef(PoolRef.V1, namespace, "pool");
    return new ClusterSnapshot(
        true,
        Map.of(
            pool,
            new InferencePool(
                pool,
                Map.of("app", "pool"),
                List.of(8000),
                AppProtocol.HTTP,
                Optional.of(new EndpointPicker(service, FailureMode.FAIL_CLOSE)))),
        others.pods(),
        Map.of(
            new ObjectName(namespace, "epp"),
            new Service(
                namespace,
                "epp",
                false,
                Map.of("app", "epp"),
                List.of(new Service.Port("grpc", 9002, 9002)))),
        Map.of(),
        Map.of(),
        List.of(),
        others.adapters(),
        GrantIndex.NONE,
        Map.of());
  }

  /** The first translation of a process takes long, and says nothing of those that follow. */
  @Test
  void aLongTranslationDelaysNoRequestForMinutes() {
    outdated.translated(translation(BEFORE, A), Duration.ofSeconds(8));
    int looks = 1;
    while (look(AFTER).isEmpty()) {
      assertThat(++looks).isLessThan(20);
    }
  }

  /** Envoy Gateway stops its translations without a notice. */
  @Test
  void aDeletedGatewayRequestsNothing() {
    outdated.translated(translation(BEFORE, A), Duration.ZERO);
    assertThat(look(BEFORE)).isEmpty();
    gone.add(A);
    assertThat(look(AFTER)).isEmpty();
    assertThat(look(AFTER)).isEmpty();
    gone.clear();
    assertThat(look(AFTER)).as("it is forgotten").isEmpty();
    assertThat(look(AFTER)).isEmpty();
  }

  /** Envoy Gateway may see it earlier than Pointsman. */
  @Test
  void aNewGatewayThatIsNotSeenYetIsNotForgotten() {
    gone.add(A);
    outdated.translated(translation(BEFORE, A), Duration.ZERO);
    assertThat(look(AFTER)).isEmpty();
    assertThat(look(AFTER)).containsExactly("team-a");
  }
}
