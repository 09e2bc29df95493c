package dev.pointsman.golden;

import dev.pointsman.fuzz.FuzzInput;
import java.util.List;
import java.util.Random;

/**
 * Recorded requests of Envoy Gateway with a part lost, repeated, renamed or damaged: an answer comes, in which everything
 * that is not ours has its bytes, and a second pass changes nothing.
 */
public final class HookStructuresFuzz {
  private static final List<List<RecordedRequest>> CASES =
      GoldenCase.all().map(GoldenCase::requests).toList();

  private HookStructuresFuzz() {}

  /** One input. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    FuzzInput input = new FuzzInput(bytes);
    Random random = input.random();
    List<RecordedRequest> requests = CASES.get(input.below(CASES.size()));
    Mutations mutations = new Mutations(random);
    try {
      boolean isBefore = random.nextBoolean();
      for (int i = 0; i < 3 && isBefore && input.hasMore(); i++) {
        requests = mutations.damaged(requests);
      }
      Seen seen = Seen.lastOf(requests);
      for (int i = 0; i < 3 && !isBefore && input.hasMore(); i++) {
        seen = seen.with(mutations.translation(seen.request()));
      }
      DamagedRequestsTest.check(seen);
    } catch (Named.Unreadable alreadyDamaged) {
      // Damaged twice in a place that cannot be damaged again.
    }
  }
}
