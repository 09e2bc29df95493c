package dev.pointsman.plan;

import dev.pointsman.model.UserStrings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Names of models with the same destination, which share a route.
 *
 * @param names at least one after {@link #join}
 * @param plan the destination; empty: the rule's own
 * @param fallback the stages after it; empty: the rule's own
 */
public record ModelMatch(List<String> names, Optional<RulePlan> plan, Optional<Fallback> fallback) {
  /**
   * The longest regular expression, in bytes. Matching one of this length costs Envoy some 2 µs for any names;
   * 1,000 routes by one name each cost 30 µs. An expression of 64 KiB outgrows the memory of RE2's automaton and costs
   * 20 µs.
   */
  private static final int MAX_REGEX_BYTES = 8 << 10;

  public ModelMatch {
    names = List.copyOf(names);
  }

  /** Joins the names with the same destination, in the order of the matches. */
  static List<ModelMatch> join(List<ModelMatch> models) {
    Map<ModelMatch, List<String>> byDestination = new LinkedHashMap<>();
    for (ModelMatch model : models) {
      byDestination
          .computeIfAbsent(model.of(List.of()), _ -> new ArrayList<>())
          .addAll(model.names());
    }
    List<ModelMatch> matches = new ArrayList<>();
    byDestination.forEach((destination, names) -> destination.split(names, matches));
    return matches;
  }

  /** The same destination for other names. */
  private ModelMatch of(List<String> others) {
    return new ModelMatch(others, plan, fallback);
  }

  /** The same destination without stages of its own. */
  ModelMatch withoutFallback() {
    return new ModelMatch(names, plan, Optional.empty());
  }

  private void split(List<String> all, List<ModelMatch> matches) {
    int from = 0;
    int length = 0;
    for (int to = 0; to < all.size(); to++) {
      int more = bytes(all.get(to));
      if (to > from && length + more > MAX_REGEX_BYTES) {
        matches.add(of(all.subList(from, to)));
        from = to;
        length = 0;
      }
      length += more;
    }
    if (from < all.size()) {
      matches.add(of(all.subList(from, all.size())));
    }
  }

  /** The bytes of its names in a route. */
  int bytes() {
    return names.stream().mapToInt(ModelMatch::bytes).sum();
  }

  private static int bytes(String name) {
    return UserStrings.quoted(name).getBytes(StandardCharsets.UTF_8).length + 1;
  }
}
