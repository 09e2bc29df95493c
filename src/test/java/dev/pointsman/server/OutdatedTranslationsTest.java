package dev.pointsman.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.hook.TranslationResult;
import dev.pointsman.model.AdapterMap;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.model.TranslationDemand;
import dev.pointsman.model.TranslationDemand.Cause;
import dev.pointsman.plan.ClusterReads;
import dev.pointsman.plan.ClusterReads.Adapters;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
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
  private final OutdatedTranslations outdated = new OutdatedTranslations(now::get, demands::add);

  @AfterEach
  void close() {
    outdated.close();
  }

  private static ClusterSnapshot withAdapters(String namespace) {
    return new ClusterSnapshot(
        true,
        Map.of(),
        BEFORE.pods(),
        Map.of(),
        Map.of(),
        Map.of(),
        List.of(),
        List.of(new AdapterMap(namespace, "adapters", "qwen", List.of("sql"))),
        List.of(),
        Map.of());
  }

  private static TranslationResult translation(ClusterSnapshot snapshot, ObjectRef... gateways) {
    ClusterReads reads = new ClusterReads(snapshot);
    assertThat(reads.of(new Adapters("team-a", "qwen"))).isNotEmpty();
    return new TranslationResult(
        PostTranslateModifyResponse.getDefaultInstance(),
        List.of(),
        reads.results(),
        new TranslationResult.Summary(0, 0, 0, 0),
        Set.of(gateways));
  }

  @Test
  void aChangeIsRequestedOnceWhenEnvoyGatewayDoesNotTranslateByItself() {
    outdated.translated(translation(BEFORE, A));
    now.set(AFTER);
    outdated.changed();
    await().until(() -> !demands.isEmpty());
    assertThat(demands)
        .containsExactly(new TranslationDemand(
            Cause.OUTDATED, Set.of(new ObjectRef("Namespace", "", "team-a"))));
    assertThat(outdated.outdated(AFTER)).isEmpty();
    assertThat(outdated.outdated(AFTER)).as("it is not requested again").isEmpty();
  }

  @Test
  void envoyGatewaysOwnTranslationNeedsNoRequest() {
    outdated.translated(translation(BEFORE, A));
    assertThat(outdated.outdated(AFTER)).as("its own may be on the way").isEmpty();
    outdated.translated(translation(AFTER, A));
    assertThat(outdated.outdated(AFTER)).isEmpty();
    assertThat(outdated.outdated(AFTER)).isEmpty();
  }

  @Test
  void aChangeThatIsTakenBackNeedsNoRequest() {
    outdated.translated(translation(BEFORE, A));
    assertThat(outdated.outdated(AFTER)).isEmpty();
    assertThat(outdated.outdated(BEFORE)).isEmpty();
    assertThat(outdated.outdated(AFTER)).as("seen once since").isEmpty();
    assertThat(outdated.outdated(AFTER)).containsExactly("team-a");
  }

  @Test
  void aTranslationOfMoreGatewaysReplacesThoseOfEach() {
    outdated.translated(translation(BEFORE, A));
    outdated.translated(translation(BEFORE, B));
    outdated.translated(translation(AFTER, A, B));
    assertThat(outdated.outdated(AFTER)).isEmpty();
    assertThat(outdated.outdated(AFTER)).isEmpty();
  }

  @Test
  void objectsOfOthersDoNotMatter() {
    outdated.translated(translation(BEFORE, A));
    assertThat(outdated.outdated(withAdapters("team-b"))).isEmpty();
    assertThat(outdated.outdated(withAdapters("team-b"))).isEmpty();
  }
}
