package dev.pointsman.diff;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * A change of the endpoints of a pool or of a picker.
 *
 * @param name the pool or the picker, in words
 * @param added addresses with ports
 * @param removed addresses with ports
 */
public record EndpointChange(String name, List<String> added, List<String> removed) {
  public EndpointChange {
    added = List.copyOf(added);
    removed = List.copyOf(removed);
  }

  /** The changes of those whose endpoints are known before and after. */
  static List<EndpointChange> between(
      SortedMap<String, List<String>> before, SortedMap<String, List<String>> after) {
    List<EndpointChange> changes = new ArrayList<>();
    before.forEach((name, was) -> {
      List<String> is = after.getOrDefault(name, was);
      if (!is.equals(was)) {
        changes.add(new EndpointChange(name, without(is, was), without(was, is)));
      }
    });
    return changes;
  }

  private static List<String> without(List<String> all, List<String> others) {
    return all.stream().filter(one -> !others.contains(one)).toList();
  }

  /** The change as one line. */
  String line() {
    return name + " has "
        + (removed.isEmpty() ? "" : "no longer " + String.join(", ", removed))
        + (removed.isEmpty() || added.isEmpty() ? "" : " and ")
        + (added.isEmpty() ? "" : "now " + String.join(", ", added));
  }
}
