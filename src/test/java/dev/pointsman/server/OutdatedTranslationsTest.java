package dev.pointsman.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.hook.TranslationResult;
import dev.pointsman.model.AdapterMap;
import dev.pointsman.model.ClusterObjects;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.GrantIndex;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.model.TranslationDemand;
import dev.pointsman.model.TranslationDemand.Cause;
import dev.pointsman.plan.ClusterRead;
import dev.pointsman.plan.ClusterReads;
import dev.pointsman.plan.ClusterReads.Adapters;
import dev.pointsman.plan.ReadResults;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Translations that have read objects which change afterwards. Looks are made by hand, but for one test. */
class OutdatedTranslationsTest {
  private static final ObjectRef A = new ObjectRef("Gateway", "default", "a");
  private static final ObjectRef B = new ObjectRef("Gateway", "default", "b");
  private static final ClusterSnapshot BEFORE = ClusterSnapshot.EMPTY;
  private static final ClusterSnapshot AFTER = withAdapters("team-a");

  private final Queue<TranslationDemand> demands = new ConcurrentLinkedQueue<>();
  private final AtomicReference<ClusterSnapshot> now = new AtomicReference<>(BEFORE);
  private final OutdatedTranslations outdated =
      new OutdatedTranslations(now::get, _ -> false, demands::add);

  @AfterEach
  void close() {
    outdated.close();
  }

  static ClusterSnapshot withAdapters(String... namespaces) {
    return new ClusterSnapshot(
        true,
        Map.of(),
        BEFORE.pods(),
        Map.of(),
        Map.of(),
        Map.of(),
        List.of(),
        Stream.of(namespaces)
            .map(namespace -> new AdapterMap(namespace, "adapters", "qwen", List.of("sql")))
            .toList(),
        GrantIndex.NONE,
        Map.of());
  }

  static TranslationResult translation(ClusterSnapshot snapshot, ObjectRef... gateways) {
    ClusterReads reads = new ClusterReads(snapshot);
    assertThat(reads.of(new Adapters("team-a", "qwen"))).isNotEmpty();
    assertThat(reads.of(new Adapters("team-c", "qwen"))).isNotEmpty();
    return translation(reads.results(), gateways);
  }

  static TranslationResult translation(ReadResults reads, ObjectRef... gateways) {
    return new TranslationResult(
        PostTranslateModifyResponse.getDefaultInstance(),
        List.of(),
        reads,
        new TranslationResult.Summary(0, 0, 0, 0),
        Set.of(gateways));
  }

  private List<String> look(ClusterSnapshot snapshot) {
    return namespaces(outdated.outdated(snapshot));
  }

  /** The namespaces of demands. */
  static List<String> namespaces(Set<TranslationDemand> demands) {
    return demands.stream()
        .flatMap(demand -> demand.about().stream())
        .map(ObjectRef::name)
        .toList();
  }

  private void translated(TranslationResult result) {
    outdated.translated(result, Duration.ofMillis(99));
  }

  @Test
  void aChangeIsRequestedOnceWhenEnvoyGatewayDoesNotTranslateByItself() {
    translated(translation(BEFORE, A));
    now.set(AFTER);
    outdated.changed();
    await().until(() -> !demands.isEmpty());
    assertThat(demands)
        .containsExactly(new TranslationDemand(
            Cause.OUTDATED, Set.of(new ObjectRef("Namespace", "", "team-a"))));
    assertThat(look(AFTER)).isEmpty();
    assertThat(look(AFTER)).as("it is not requested again").isEmpty();
  }

  /** The request for a namespace that changes all the time comes late, and no other waits for it. */
  @Test
  void aNamespaceIsRequestedWhileTheRequestOfAnotherIsDelayed() {
    translated(translation(BEFORE, A));
    assertThat(look(AFTER)).isEmpty();
    assertThat(look(AFTER)).containsExactly("team-a");
    ClusterSnapshot both = withAdapters("team-a", "team-c");
    assertThat(look(both)).as("its own translation may be on the way").isEmpty();
    assertThat(look(both)).containsExactly("team-c");
    assertThat(look(both)).isEmpty();
    translated(translation(both, A));
    assertThat(look(AFTER)).isEmpty();
    assertThat(look(AFTER)).containsExactly("team-c");
  }

  /** Envoy Gateway takes longer by itself, before it calls and between its calls. */
  @Test
  void ofManyRoutesEnvoyGatewaysOwnTranslationIsWaitedForLonger() {
    outdated.translated(translation(BEFORE, A), Duration.ofMillis(250));
    for (int second = 0; second < 3; second++) {
      assertThat(look(AFTER)).isEmpty();
    }
    assertThat(look(AFTER)).containsExactly("team-a");
  }

  /** A read that takes long: of a namespace with many grants, for instance. */
  @Test
  void noTranslationWaitsForALook() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    ReadResults slow = reading(() -> {
      begun.countDown();
      end.await();
    });
    translated(translation(slow, A));
    Thread look = Thread.ofVirtual().start(() -> look(AFTER));
    begun.await();
    Thread translation = Thread.ofVirtual().start(() -> translated(translation(AFTER, B)));
    try {
      assertThat(translation.join(Duration.ofSeconds(5))).isTrue();
    } finally {
      end.countDown();
      look.join();
    }
  }

  /** Pods change all the time, and no translation reads them. */
  @Test
  void changedPodsNeedNoLook() throws Exception {
    AtomicInteger looks = new AtomicInteger();
    translated(translation(reading(looks::incrementAndGet), A));
    await().until(() -> looks.get() == 1);
    now.set(new ClusterSnapshot(
        true,
        BEFORE.pools(),
        new ClusterObjects().snapshot().pods(),
        BEFORE.services(),
        Map.of(),
        BEFORE.routes(),
        BEFORE.models(),
        BEFORE.adapters(),
        BEFORE.grants(),
        BEFORE.certificates()));
    outdated.changed();
    Thread.sleep(1_500);
    assertThat(looks).hasValue(1);
    now.set(AFTER);
    outdated.changed();
    await().until(() -> looks.get() == 2);
  }

  /** Work at each read. */
  private interface Work {
    void run() throws InterruptedException;
  }

  private static ReadResults reading(Work work) {
    return new ReadResults(Map.of(
        new ClusterRead.OfOneNamespace<Boolean>() {
          @Override
          public Boolean in(ClusterSnapshot snapshot) {
            try {
              work.run();
              return true;
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          }

          @Override
          public String namespace() {
            return "team-a";
          }
        },
        true));
  }

  @Test
  void envoyGatewaysOwnTranslationNeedsNoRequest() {
    translated(translation(BEFORE, A));
    assertThat(look(AFTER)).as("its own may be on the way").isEmpty();
    translated(translation(AFTER, A));
    assertThat(look(AFTER)).isEmpty();
    assertThat(look(AFTER)).isEmpty();
  }

  @Test
  void aChangeThatIsTakenBackNeedsNoRequest() {
    translated(translation(BEFORE, A));
    assertThat(look(AFTER)).isEmpty();
    assertThat(look(BEFORE)).isEmpty();
    assertThat(look(AFTER)).as("seen once since").isEmpty();
    assertThat(look(AFTER)).containsExactly("team-a");
  }

  @Test
  void aTranslationOfMoreGatewaysReplacesThoseOfEach() {
    translated(translation(BEFORE, A));
    translated(translation(BEFORE, B));
    translated(translation(AFTER, A, B));
    assertThat(look(AFTER)).isEmpty();
    assertThat(look(AFTER)).isEmpty();
  }

  @Test
  void objectsOfOthersDoNotMatter() {
    translated(translation(BEFORE, A));
    assertThat(look(withAdapters("team-b"))).isEmpty();
    assertThat(look(withAdapters("team-b"))).isEmpty();
  }
}
