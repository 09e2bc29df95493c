package dev.pointsman.differential;

import java.util.List;
import java.util.SplittableRandom;

/** Chance from a seed: one seed gives one sequence of draws, on every machine. */
class Draw {
  /** The first seed that draws more. */
  private static final long MORE = 10_000;
  /** The first seed that draws all there is. */
  static final long ALL = 10_150;

  private final SplittableRandom random;

  Draw(long seed) {
    // Neighbouring seeds must not begin alike.
    this(new SplittableRandom(seed * 0x9e3779b97f4a7c15L + 1));
  }

  private Draw(SplittableRandom random) {
    this.random = random;
  }

  /**
   * Another sequence of the seed, for what was not drawn at first. Seeds below {@value #MORE} stay as they were: nothing is
   * ever true there.
   */
  static Draw more(long seed) {
    return new Draw(~seed) {
      @Override
      boolean percent(int chance) {
        return seed >= MORE && super.percent(chance);
      }
    };
  }

  /** One more sequence of the seed, for seeds from {@link #ALL} on. */
  static Draw last(long seed) {
    return new Draw(Long.rotateLeft(seed, 20));
  }

  /** A sequence of its own, so that more draws in one part of a situation do not change the others. */
  Draw split() {
    return new Draw(random.split());
  }

  /** A number from {@code least} to {@code most}, both included. */
  int between(int least, int most) {
    return random.nextInt(least, most + 1);
  }

  /** True in so many of a hundred draws. */
  boolean percent(int chance) {
    return random.nextInt(100) < chance;
  }

  /** One of the list. */
  <T> T oneOf(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
