package dev.pointsman.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The combinations of a few items, in order. */
final class Combinations {
  /** The limit for items. A rule has at most 16 backendRefs, and so at most 12,870 combinations. */
  private static final int MAX_ITEMS = 16;

  private Combinations() {}

  /** All sublists of {@code count} items in their order; none above the limit for items. */
  static <T> Stream<List<T>> of(List<T> items, int count) {
    if (items.size() > MAX_ITEMS || count > items.size()) {
      return Stream.empty();
    }
    return Stream.iterate(0, bits -> bits < 1 << items.size(), bits -> bits + 1)
        .filter(bits -> Integer.bitCount(bits) == count)
        .map(bits -> chosen(items, bits));
  }

  private static <T> List<T> chosen(List<T> items, int bits) {
    List<T> chosen = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      if ((bits & 1 << i) != 0) {
        chosen.add(items.get(i));
      }
    }
    return chosen;
  }
}
