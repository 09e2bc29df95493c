package dev.pointsman.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.model.Pod.Phase;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PodIndexTest {
  private static Pod pod(String namespace, String name, boolean ready, Map<String, String> labels) {
    return new Pod(
        namespace, name, labels, "10.0.0.1", List.of(), ready ? Phase.READY : Phase.UNREADY);
  }

  @Test
  void findsServingPodsOfTheNamespaceWithAllLabels() {
    PodIndex index = PodIndex.of(List.of(
        pod("ml", "both", true, Map.of("app", "qwen", "tier", "a", "more", "x")),
        pod("ml", "one", true, Map.of("app", "qwen", "tier", "b")),
        pod("ml", "unready", false, Map.of("app", "qwen", "tier", "a")),
        pod("other", "elsewhere", true, Map.of("app", "qwen", "tier", "a")),
        pod("ml", "bare", true, Map.of())));
    assertThat(index.serving("ml", Map.of("app", "qwen", "tier", "a")))
        .extracting(Pod::name)
        .containsExactly("both");
    assertThat(index.serving("ml", Map.of("app", "qwen")))
        .extracting(Pod::name)
        .containsExactly("both", "one");
    assertThat(index.serving("ml", Map.of("app", "qwen", "tier", "c"))).isEmpty();
    assertThat(index.size()).isEqualTo(5);
  }

  /** A selector that counts the pods that it is compared with. */
  private static final class CountingSelector extends AbstractMap<String, String> {
    private final Map<String, String> labels;
    private int reads;

    CountingSelector(Map<String, String> labels) {
      this.labels = labels;
    }

    @Override
    public Set<Entry<String, String>> entrySet() {
      reads++;
      return labels.entrySet();
    }

    @Override
    public int size() {
      return labels.size();
    }
  }

  /** Ten of ten thousand pods: a scan of all pods for each pool would delay endpoints on large clusters. */
  @Test
  void looksAtTheSelectedPodsOnly() {
    List<Pod> pods = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      pods.add(pod("ml", "pod-" + i, true, Map.of("app", "model-" + i / 10, "part", "server")));
    }
    PodIndex index = PodIndex.of(pods);
    CountingSelector selector = new CountingSelector(Map.of("app", "model-7", "part", "server"));
    assertThat(index.serving("ml", selector)).hasSize(10);
    assertThat(selector.reads).as("once for the index, and once for each pod").isEqualTo(11);
  }
}
