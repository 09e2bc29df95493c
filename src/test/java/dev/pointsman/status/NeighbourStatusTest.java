package dev.pointsman.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import dev.pointsman.isolation.Neighbour;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A neighbour writes anything in its own namespace: statuses and Events of other teams' objects stay as they are. */
class NeighbourStatusTest {
  private static final long TRIES = Long.getLong("mutations", 16);

  static Stream<StatusCase> cases() {
    return StatusCase.all().stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void statusesOfOthersStay(StatusCase all) {
    List<JsonNode> objects = new ArrayList<>(all.objects());
    objects.add(bystander());
    StatusPlan alone = others(StatusPlan.of(StatusCase.with(objects)));
    for (long seed = 0; seed < TRIES; seed++) {
      List<JsonNode> both = new ArrayList<>(objects);
      Random random = new Random(seed);
      both.addAll(random.nextInt(both.size()), new Neighbour(random, objects).objects());
      try {
        assertThat(others(StatusPlan.of(StatusCase.with(both)))).isEqualTo(alone);
      } catch (AssertionError | RuntimeException e) {
        fail("seed " + seed + " of " + all, e);
      }
    }
  }

  /** Pods are known in any case, as in a cluster. */
  private static JsonNode bystander() {
    return JsonMapper.shared().readTree("""
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x", "namespace": "bystander"}}
            """);
  }

  /** The plan without what it says about the neighbour's own objects. */
  private static StatusPlan others(StatusPlan plan) {
    return new StatusPlan(
        plan.statuses().stream()
            .filter(status -> !status.object().namespace().equals(Neighbour.NAMESPACE))
            .toList(),
        plan.events().stream()
            .filter(event -> !event.namespace().equals(Neighbour.NAMESPACE))
            .toList());
  }
}
