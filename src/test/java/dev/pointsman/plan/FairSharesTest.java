package dev.pointsman.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FairSharesTest {
  @Test
  void everybodyGetsTheirWishWhereThereIsEnough() {
    assertThat(FairShares.limit(List.of(10L, 20L, 30L), 60, 100)).isEqualTo(100);
    assertThat(FairShares.limit(List.of(), 0, 100)).isEqualTo(100);
  }

  @Test
  void theLargestWishIsCutFirst() {
    assertThat(FairShares.limit(List.of(10L, 20L, 500L), 100, 1_000)).isEqualTo(70);
    assertThat(FairShares.limit(List.of(400L, 10L, 500L), 100, 1_000)).isEqualTo(45);
    assertThat(FairShares.limit(List.of(50L, 50L, 50L), 100, 1_000)).isEqualTo(33);
  }

  @Test
  void nobodyGetsMoreThanTheMostOrThanThereIs() {
    assertThat(FairShares.limit(List.of(10L, 500L), 1_000, 100)).isEqualTo(100);
    assertThat(FairShares.limit(List.of(10L, 500L), 0, 100)).isZero();
    assertThat(FairShares.limit(List.of(10L), -5, 100)).isZero();
  }
}
