package dev.pointsman.differential;

import java.util.List;
import java.util.SplittableRandom;

/** Random draws from a seed: a seed gives the same sequence of draws on every machine. */
class Draw {
  /** The first seed whose situation has the features of {@link #more}. */
  private static final long MORE = 10_000;
  /** The first seed whose situation has all features. */
  static final long ALL = 10_150;

  private final SplittableRandom random;

  Draw(long seed) {
    // Consecutive seeds must not have similar first draws.
    this(new SplittableRandom(seed * 0x9e3779b97f4a7c15L + 1));
  }

  private Draw(SplittableRandom random) {
    this.random = random;
  }

  /**
   * A second sequence of the seed, for features that were added later. For seeds below {@value #MORE} no draw is true, so
   * their situations do not change.
   */
  static Draw more(long seed) {
    return new Draw(~seed) {
      @Override
      boolean percent(int chance) {
        return seed >= MORE && super.percent(chance);
      }
    };
  }

  /** A third sequence of the seed, for seeds from {@link #ALL} on. */
  static Draw last(long seed) {
    return new Draw(Long.rotateLeft(seed, 20));
  }

  /** A separate sequence, so that additional draws in one part of a situation do not change the others. */
  Draw split() {
    return new Draw(random.split());
  }

  /** A number from {@code least} to {@code most}, both included. */
  int between(int least, int most) {
    return random.nextInt(least, most + 1);
  }

  /** True with a probability in percent. */
  boolean percent(int chance) {
    return random.nextInt(100) < chance;
  }

  /** An element of the list. */
  <T> T oneOf(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
