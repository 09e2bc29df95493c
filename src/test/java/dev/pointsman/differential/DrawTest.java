package dev.pointsman.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A seed always gives the same situation, and the fixed set's short form has every feature. */
class DrawTest {
  private static final Addresses ADDRESSES = new Addresses(0, 7);

  @Test
  void oneSeedGivesOneSituation() {
    for (long seed = 0; seed < 50; seed++) {
      Situation one = SituationDraw.of(seed);
      assertThat(SituationDraw.of(seed)).isEqualTo(one);
      for (Side side : Side.values()) {
        assertThat(new Rendering(SituationDraw.of(seed), ADDRESSES, side).all())
            .isEqualTo(new Rendering(one, ADDRESSES, side).all());
      }
    }
  }

  @Test
  void otherSeedsGiveOthers() {
    Set<String> drawn = LongStream.range(0, 50)
        .mapToObj(seed ->
            SituationDraw.of(seed).rules() + " " + SituationDraw.of(seed).requests())
        .collect(Collectors.toSet());
    assertThat(drawn).hasSize(50);
  }

  @Test
  void sidesDifferInTheirBackends() {
    Situation pools = LongStream.range(0, 50)
        .mapToObj(SituationDraw::of)
        .filter(one -> one.backends().anyMatch(Backend::hasPicker))
        .findFirst()
        .orElseThrow();
    assertThat(new Rendering(pools, ADDRESSES, Side.POINTSMAN).all())
        .contains("kind: InferencePool");
    assertThat(new Rendering(pools, ADDRESSES, Side.STOCK).all())
        .doesNotContain("kind: InferencePool", "pointsman.dev");
  }

  @Test
  void everyFeatureIsDrawnByTheShortForm() throws Exception {
    Set<String> drawn = Differential.shortSeeds().stream()
        .map(SituationDraw::of)
        .flatMap(one -> Stream.concat(
            one.listener().stream(),
            one.rules().stream().flatMap(rule -> rule.features().stream())))
        .map(Feature::name)
        .collect(Collectors.toCollection(TreeSet::new));
    List<String> all = Stream.concat(
            Stream.of(Feature.class.getPermittedSubclasses())
                .filter(type -> type != ListenerFeature.class && type != TrafficSetting.class)
                .map(Class::getSimpleName),
            Stream.of(ListenerFeature.Kind.values(), TrafficSetting.Kind.values())
                .flatMap(Stream::of)
                .map(Enum::name))
        .toList();
    assertThat(drawn).containsExactlyInAnyOrderElementsOf(all);
  }
}
