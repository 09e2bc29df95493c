package dev.pointsman.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The ways to choose some of a few things, in order. */
final class Choices {
  /** A rule has at most 16 backendRefs, so that there are never more than 12,870 ways. */
  private static final int MOST = 16;

  private Choices() {}

  /** All lists of {@code count} of the things that keep their order; none when there are too many things. */
  static <T> Stream<List<T>> of(List<T> things, int count) {
    if (things.size() > MOST || count > things.size()) {
      return Stream.empty();
    }
    return Stream.iterate(0, bits -> bits < 1 << things.size(), bits -> bits + 1)
        .filter(bits -> Integer.bitCount(bits) == count)
        .map(bits -> chosen(things, bits));
  }

  private static <T> List<T> chosen(List<T> things, int bits) {
    List<T> chosen = new ArrayList<>();
    for (int i = 0; i < things.size(); i++) {
      if ((bits & 1 << i) != 0) {
        chosen.add(things.get(i));
      }
    }
    return chosen;
  }
}
