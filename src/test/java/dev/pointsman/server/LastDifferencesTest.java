package dev.pointsman.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.model.ObjectRef;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The differences that a shadow has found, while Gateways come and go. */
class LastDifferencesTest {
  private static final ObjectRef LEFT = new ObjectRef("Gateway", "teams", "left");
  private static final ObjectRef RIGHT = new ObjectRef("Gateway", "teams", "right");

  private final Set<ObjectRef> present = new HashSet<>(Set.of(LEFT, RIGHT));
  private final LastDifferences last = new LastDifferences(gateway -> !present.contains(gateway));

  @Test
  void onlyOtherDifferencesAreNew() {
    assertThat(last.put(Set.of(LEFT), List.of("a"))).isTrue();
    assertThat(last.put(Set.of(LEFT), List.of("a"))).isFalse();
    assertThat(last.put(Set.of(LEFT), List.of())).isTrue();
    assertThat(last.counts()).containsExactly(Map.entry("teams/left", 0));
  }

  @Test
  void aDeletedGatewayIsForgotten() {
    var _ = last.put(Set.of(LEFT), List.of("a", "b"));
    var _ = last.put(Set.of(RIGHT), List.of());
    assertThat(last.counts()).containsEntry("teams/left", 2).containsEntry("teams/right", 0);
    present.remove(LEFT);
    assertThat(last.counts()).containsOnlyKeys("teams/right");
    present.add(LEFT);
    assertThat(last.put(Set.of(LEFT), List.of("a", "b"))).as("a new Gateway").isTrue();
  }

  @Test
  void aGatewayIsKeptThatIsTranslatedBeforeItIsRead() {
    present.remove(LEFT);
    var _ = last.put(Set.of(LEFT), List.of("a"));
    assertThat(last.counts()).containsEntry("teams/left", 1);
    assertThat(last.put(Set.of(LEFT), List.of("a"))).isFalse();
    present.add(LEFT);
    assertThat(last.counts()).containsEntry("teams/left", 1);
  }

  @Test
  void mergedGatewaysReplaceWhatTheirMembersHadAlone() {
    var _ = last.put(Set.of(LEFT), List.of("a"));
    var _ = last.put(Set.of(LEFT, RIGHT), List.of("a", "b"));
    assertThat(last.counts()).containsOnly(Map.entry("teams/left", 2), Map.entry("teams/right", 2));
    var _ = last.put(Set.of(RIGHT), List.of());
    assertThat(last.counts()).containsOnly(Map.entry("teams/right", 0));
  }

  @Test
  void translationsWithoutANamedGatewayAreCompared() {
    ObjectRef listeners = new ObjectRef("listeners", "", "tcp-80");
    present.add(listeners); // not known to be gone
    assertThat(last.put(Set.of(listeners), List.of("a"))).isTrue();
    assertThat(last.put(Set.of(listeners), List.of("a"))).isFalse();
    assertThat(last.counts()).isEmpty();
  }
}
