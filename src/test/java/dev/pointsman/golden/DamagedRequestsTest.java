package dev.pointsman.golden;

import static org.junit.jupiter.api.Assertions.fail;

import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.model.ClusterSnapshot;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Damaged requests are answered, foreign parts are left alone, and a second pass changes nothing.
 * {@code -Dmutations=N} tries more, {@code -Dmutations.seed=N} one again.
 */
class DamagedRequestsTest {
  private static final List<List<RecordedRequest>> CASES =
      GoldenCase.all().map(GoldenCase::requests).toList();
  private static final long TRIES = Long.getLong("mutations", 1_000);

  @Test
  void damageBeforeTheRouteHook() {
    each(random -> {
      Mutations mutations = new Mutations(random);
      List<RecordedRequest> requests = anyCase(random);
      for (int i = random.nextInt(3); i >= 0; i--) {
        requests = mutations.damaged(requests);
      }
      return Seen.lastOf(requests);
    });
  }

  @Test
  void damageBetweenTheHooks() {
    each(random -> {
      Mutations mutations = new Mutations(random);
      Seen seen = Seen.lastOf(anyCase(random));
      for (int i = random.nextInt(3); i >= 0; i--) {
        seen = seen.with(mutations.translation(seen.request()));
      }
      return seen;
    });
  }

  /** Makes a translation, from the seed alone. */
  private interface TranslationCase {
    Seen from(Random random);
  }

  private static void each(TranslationCase translation) {
    Long one = Long.getLong("mutations.seed");
    for (long seed = one == null ? 0 : one; seed < (one == null ? TRIES : one + 1); seed++) {
      try {
        check(translation.from(new Random(seed)));
      } catch (Named.Unreadable alreadyDamaged) {
        // Damaged twice in a place that cannot be damaged again.
      } catch (AssertionError | RuntimeException e) {
        fail("-Dmutations.seed=" + seed, e);
      }
    }
  }

  /** Policies on Gateways, which may concern everything, are in the first answer alone. */
  static void check(Seen damaged) {
    var _ = damaged.answer(ClusterSnapshot.EMPTY);
    Seen seen =
        damaged.with(damaged.request().toBuilder().clearPostTranslateContext().build());
    PostTranslateModifyResponse once = seen.answer(ClusterSnapshot.EMPTY).response();
    Untouched.assertUntouched(seen.request(), once);
    Seen again = new Seen(seen.again(once), List.of());
    SameAnswers.assertSame(
        "second pass", once, again.answer(ClusterSnapshot.EMPTY).response());
  }

  private static List<RecordedRequest> anyCase(Random random) {
    return CASES.get(random.nextInt(CASES.size()));
  }
}
