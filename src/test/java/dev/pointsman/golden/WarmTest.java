package dev.pointsman.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.extension.PostEndpointsModifyRequest;
import dev.pointsman.hook.Hooks;
import dev.pointsman.hook.TranslationResult;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.xds.XdsSettings;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * Results of earlier translations make no difference: hooks that have seen many answer each like hooks that have
 * seen none. The cases share names of Gateways and routes, so that each meets what others left.
 * {@code -Dmutations=N} tries more.
 */
class WarmTest {
  private static final List<GoldenCase> CASES = GoldenCase.all().toList();
  private static final List<ClusterSnapshot> SNAPSHOTS =
      CASES.stream().map(GoldenCase::snapshot).toList();
  private static final long TRIES = Long.getLong("mutations", 1_000);

  @Test
  void warmHooksAnswerLikeColdOnes() {
    AtomicReference<ClusterSnapshot> snapshot = new AtomicReference<>(ClusterSnapshot.EMPTY);
    Hooks warm = new Hooks(XdsSettings.DEFAULT, snapshot::get);
    Random random = new Random(1);
    List<Seen> seen = CASES.stream().map(GoldenCase::seen).toList();
    int compared = 0;
    for (long i = 0; i < TRIES; i++) {
      int at = random.nextInt(CASES.size());
      Seen next = damaged(seen.get(at), random);
      // Now and then with objects that are another case's, or none.
      snapshot.set(
          switch (random.nextInt(4)) {
            case 0 -> ClusterSnapshot.EMPTY;
            case 1 -> SNAPSHOTS.get(random.nextInt(SNAPSHOTS.size()));
            default -> SNAPSHOTS.get(at);
          });
      for (int repeats = random.nextInt(3); repeats >= 0; repeats--) {
        TranslationResult result = answer(warm, next);
        assertThat(result)
            .as("translation %d, %s", i, CASES.get(at).name())
            .isEqualTo(next.answer(snapshot.get()));
        compared += result.summary().routes();
        next = new Seen(next.request(), toldAgain(next.endpoints(), random));
      }
    }
    assertThat(compared).isPositive();
  }

  static TranslationResult answer(Hooks hooks, Seen seen) {
    Hooks.Connection connection = hooks.connect();
    for (PostEndpointsModifyRequest request : seen.endpoints()) {
      var _ = connection.endpoints(request);
    }
    return connection.translation(seen.request());
  }

  /** As it is, or damaged once or twice. */
  private static Seen damaged(Seen seen, Random random) {
    Mutations mutations = new Mutations(random);
    Seen damaged = seen;
    try {
      for (int i = random.nextInt(3); i > 0; i--) {
        damaged = damaged.with(mutations.translation(damaged.request()));
      }
    } catch (Named.Unreadable alreadyDamaged) {
      // Damaged in a place that cannot be damaged again.
    }
    return new Seen(damaged.request(), toldAgain(damaged.endpoints(), random));
  }

  /** The same weights, or some of them, or others. */
  static List<PostEndpointsModifyRequest> toldAgain(
      List<PostEndpointsModifyRequest> reported, Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> reported.stream().filter(_ -> random.nextBoolean()).toList();
      case 1 ->
        reported.stream().map(request -> withOtherWeights(request, random)).toList();
      default -> reported;
    };
  }

  private static PostEndpointsModifyRequest withOtherWeights(
      PostEndpointsModifyRequest request, Random random) {
    ClusterLoadAssignment.Builder assignment =
        Named.readIfPossible(ClusterLoadAssignment.parser(), request.getLoadAssignment())
            .orElse(ClusterLoadAssignment.getDefaultInstance())
            .toBuilder();
    assignment
        .getEndpointsBuilderList()
        .forEach(locality -> locality.getLoadBalancingWeightBuilder().setValue(random.nextInt(3)));
    return request.toBuilder()
        .setLoadAssignment(assignment.build().toByteString())
        .build();
  }
}
