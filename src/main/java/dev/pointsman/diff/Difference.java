package dev.pointsman.diff;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/**
 * A fact that differs.
 *
 * @param fact its name, such as {@code shares}
 * @param before in words; empty if there was none
 * @param after in words; empty if there is none now
 */
public record Difference(String fact, String before, String after) {
  public Difference {
    before = HiddenValues.shown(before);
    after = HiddenValues.shown(after);
  }

  /** The facts that differ, in their order. */
  static List<Difference> between(
      SequencedMap<String, String> before, SequencedMap<String, String> after) {
    Set<String> facts = new LinkedHashSet<>(before.keySet());
    facts.addAll(after.keySet());
    List<Difference> differences = new ArrayList<>();
    for (String fact : facts) {
      String was = before.getOrDefault(fact, "");
      String is = after.getOrDefault(fact, "");
      if (!was.equals(is)) {
        differences.add(new Difference(fact, was, is));
      }
    }
    return differences;
  }

  /** The difference within a line. */
  String words() {
    if (before.isEmpty()) {
      return "has now " + fact + " " + after;
    }
    return after.isEmpty()
        ? "has no longer " + fact + " " + before
        : "changed its " + fact + " from " + before + " to " + after;
  }
}
