package dev.pointsman.diff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.kube.KubeObject;
import dev.pointsman.kube.Manifest;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Objects that say the same in two ways: nothing is told of them. */
class SameObjectTest {
  private static final String APPLIED =
      "annotations: {kubectl.kubernetes.io/last-applied-configuration: '{}'}";

  private static StateChanges changes(String before, String after) {
    return StateChanges.between(manifest(before), manifest(after), Set.of(), Set.of());
  }

  private static List<Manifest> manifest(String yaml) {
    return List.of(
        new Manifest(new KubeObject(YAMLMapper.shared().readTree(yaml)), "", new TreeMap<>()));
  }

  private static String route(String backends) {
    return "{kind: HTTPRoute, metadata: {name: llm}, spec: {rules: [{backendRefs: [" + backends
        + "]}]}}";
  }

  private static String weights(int one, int other) {
    return route("{name: one, weight: " + one + "}, {name: other, weight: " + other + "}");
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 50, 50", "1, 2, 10, 20", "0, 0, 0, 0", "0, 7, 0, 3", "3, 0, 9, 0"})
  void equalSharesAreEqual(int one, int other, int oneNow, int otherNow) {
    assertThat(changes(weights(one, other), weights(oneNow, otherNow)).isEmpty())
        .isTrue();
  }

  @Test
  void sharesThatAreEqualInHundredthsOfAPercentDiffer() {
    assertThat(ChangeRendering.of(changes(weights(1, 2), weights(20_001, 40_000)), false))
        .contains("33.33 % (1 of 3)", "33.33 % (20001 of 60001)");
  }

  @ParameterizedTest
  @CsvSource({"HTTPRoute", "InferencePool", "Service", "Secret"})
  void anObjectOfTheClusterIsTheOneThatWasApplied(String kind) {
    String file = "{kind: " + kind + ", metadata: {name: llm}}";
    String cluster =
        "{kind: " + kind + ", metadata: {name: llm, namespace: default, uid: a, " + APPLIED + "}}";
    assertThat(changes(file, cluster).isEmpty()).isTrue();
    assertThat(changes(cluster, file).isEmpty()).isTrue();
  }
}
