package dev.pointsman.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.model.ReferenceGrant.From;
import dev.pointsman.model.ReferenceGrant.To;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The permissions of many grants. */
class GrantIndexTest {
  private static final From TEAM = new From("g", "InferencePolicy", "team");

  /** As one tenant may have in its namespaces: each look of each translation would cost the product. */
  @Test
  void manyReferencesCostNoProductWithManyGrants() {
    ClusterObjects objects = new ClusterObjects();
    for (int i = 0; i < 2_000; i++) {
      List<From> from = new ArrayList<>(others(15));
      from.add(TEAM);
      List<To> to =
          IntStream.range(0, 16).mapToObj(k -> new To("", "Service", "s-" + k)).toList();
      objects.add(new ReferenceGrant("models", from, to));
    }
    ClusterSnapshot snapshot = objects.snapshot();
    long before = cpuNanos();
    for (int i = 0; i < 20_000; i++) {
      assertThat(snapshot.permits(TEAM, "models", "p", "InferencePool", "pool-" + i))
          .isFalse();
    }
    assertThat(Duration.ofNanos(cpuNanos() - before)).isLessThan(Duration.ofSeconds(1));
  }

  @Test
  void oneGrantHasBothEnds() {
    ClusterSnapshot snapshot = new ClusterObjects()
        .add(new ReferenceGrant("models", others(2), List.of(new To("", "Service", ""))))
        .add(new ReferenceGrant("models", List.of(TEAM), List.of(new To("", "Service", "one"))))
        .add(new ReferenceGrant("models", List.of(TEAM), List.of(new To("p", "Pool", ""))))
        .add(new ReferenceGrant("else", List.of(TEAM), List.of(new To("", "Service", ""))))
        .snapshot();
    assertThat(snapshot.permits(TEAM, "models", "", "Service", "one")).isTrue();
    assertThat(snapshot.permits(TEAM, "models", "", "Service", "two")).isFalse();
    assertThat(snapshot.permits(TEAM, "models", "p", "Pool", "any")).isTrue();
    assertThat(snapshot.permits(TEAM, "else", "", "Service", "any")).isTrue();
    assertThat(snapshot.permits(TEAM, "nowhere", "", "Service", "any")).isFalse();
    assertThat(snapshot.permits(others(1).getFirst(), "models", "", "Service", "two"))
        .isTrue();
    assertThat(snapshot.permits(others(1).getFirst(), "models", "p", "Pool", "any"))
        .isFalse();
  }

  private static List<From> others(int number) {
    return IntStream.range(0, number)
        .mapToObj(i -> new From("g", "InferencePolicy", "other-" + i))
        .toList();
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
