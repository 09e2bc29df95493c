package dev.pointsman.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.pointsman.model.ClusterSnapshot;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A team that puts any number of policies on the same targets. */
class ManyPoliciesTest {
  private static final int TARGETS = 16;

  /** The leader computes the statuses of all teams on one thread, after each change. */
  @Test
  void theStatusesOfFourTimesThePoliciesCostFourTimesAsMuch() {
    StatusPlan.of(inputs(50)); // classes are loaded
    long few = allocatedBy(inputs(150));
    long many = allocatedBy(inputs(600));
    assertThat((double) many / few).as("bytes of memory that are used").isBetween(3.0, 6.0);
  }

  @Test
  void theOldestPolicyHasEffectAndTheOthersAreTold() {
    List<ObjectStatus> statuses = StatusPlan.of(inputs(3)).statuses();
    assertThat(statuses).hasSize(3);
    assertThat(conditions(statuses, 0)).allMatch(Condition::holds);
    for (int loser : new int[] {1, 2}) {
      assertThat(conditions(statuses, loser))
          .hasSize(TARGETS)
          .extracting(Condition::reason)
          .containsOnly("Conflicted");
    }
  }

  private static List<Condition> conditions(List<ObjectStatus> statuses, int index) {
    return statuses.get(index).entries().stream()
        .flatMap(entry -> entry.conditions().stream())
        .toList();
  }

  private static long allocatedBy(StatusInputs inputs) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    StatusPlan.of(inputs);
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  private static StatusInputs inputs(int number) {
    List<JsonNode> gateways = new ArrayList<>();
    for (int i = 0; i < TARGETS; i++) {
      gateways.add(json("""
          {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway",
           "metadata": {"namespace": "team", "name": "g%d"}}""".formatted(i)));
    }
    List<JsonNode> policies = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      policies.add(json("""
          {"apiVersion": "pointsman.dev/v1alpha1", "kind": "InferencePolicy",
           "metadata": {"namespace": "team", "name": "p-%04d", "generation": 1},
           "spec": {"targetRefs": [%s], "tokenUsage": "Enabled"},
           "status": {"ancestors": [%s]}}""".formatted(
              i,
              refs("{\"kind\": \"Gateway\", \"name\": \"g%d\"}", TARGETS),
              refs(
                  "{\"ancestorRef\": {\"name\": \"g%d\"}, \"controllerName\": \"gateway.envoyproxy.io/x\"}",
                  i == 0 ? TARGETS : 0))));
    }
    return new StatusInputs(
        ClusterSnapshot.EMPTY, Set.of(), "", List.of(), List.of(), gateways, policies);
  }

  private static String refs(String format, int number) {
    return IntStream.range(0, number).mapToObj(format::formatted).collect(Collectors.joining(", "));
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }
}
