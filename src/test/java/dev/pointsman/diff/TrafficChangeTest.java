package dev.pointsman.diff;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Changes of the traffic of models, from their facts. */
class TrafficChangeTest {
  private static final String HOST = "listener llm, host *";

  private static ModelTraffic traffic(Object... modelsAndShares) {
    ModelTraffic traffic = new ModelTraffic();
    for (int i = 0; i < modelsAndShares.length; i += 2) {
      traffic.add(
          HOST,
          List.of(modelsAndShares[i].toString()),
          List.of(),
          new LinkedHashMap<>(Map.of("shares", modelsAndShares[i + 1].toString())));
    }
    return traffic;
  }

  private static List<String> lines(ModelTraffic before, ModelTraffic after) {
    return TrafficChange.between(before, after).stream()
        .map(TrafficChange::line)
        .toList();
  }

  @Test
  void aFactHasItsValuesBeforeAndAfter() {
    assertThat(lines(traffic("qwen", "90 % a, 10 % b"), traffic("qwen", "50 % a, 50 % b")))
        .containsExactly("model qwen of listener llm, host * changed its shares from 90 % a, 10 % b"
            + " to 50 % a, 50 % b");
  }

  @Test
  void trafficComesAndGoes() {
    assertThat(lines(traffic("old", "100 % a"), traffic("new", "100 % a")))
        .containsExactly(
            "model old of listener llm, host * removed",
            "model new of listener llm, host * added: shares 100 % a");
  }

  @Test
  void modelsWithEqualChangesAreTogether() {
    assertThat(lines(traffic("a", "1", "b", "1", "c", "1"), traffic("a", "2", "b", "2", "c", "3")))
        .containsExactly(
            "models a, b of listener llm, host * changed its shares from 1 to 2",
            "model c of listener llm, host * changed its shares from 1 to 3");
  }

  @Test
  void theOrderOfRulesIsAFact() {
    assertThat(lines(traffic("a.*", "1", "ab", "2"), traffic("ab", "2", "a.*", "1")))
        .containsExactly("requests of listener llm, host * changed its order from model a.* before"
            + " model ab to model ab before model a.*");
    assertThat(lines(traffic("a", "1", "b", "2"), traffic("new", "3", "a", "1", "b", "2")))
        .hasSize(1);
  }

  @Test
  void aSecondRuleWithTheSameConditionsIsAnotherOne() {
    assertThat(lines(traffic("a", "1", "a", "2"), traffic("a", "1", "a", "3")))
        .containsExactly("model a (rule number 2 with these conditions) of listener llm, host *"
            + " changed its shares from 2 to 3");
  }

  @Test
  void nothingIsSaidOfEqualTraffic() {
    assertThat(lines(traffic("a", "1"), traffic("a", "1"))).isEmpty();
  }
}
