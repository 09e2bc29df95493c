package dev.pointsman.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Invariants of each request with Pointsman, whatever the stock gateway does. */
final class Invariants {
  private Invariants() {}

  /** The invariants that do not hold. */
  static List<Difference> broken(Situation situation, Outcome outcome) {
    List<Difference> broken = new ArrayList<>();
    Set<String> withPicker = situation
        .backends()
        .filter(backend -> backend.hasPicker() && !backend.isSilent())
        .map(Backend::name)
        .collect(Collectors.toSet());
    Set<String> asked = outcome.arrivals().stream()
        .map(Arrival::backend)
        .filter(withPicker::contains)
        .collect(Collectors.toSet());
    long copies = outcome.copies().stream()
        .filter(copy -> withPicker.contains(copy.backend()))
        .count();
    long picks = outcome.picks().size() - copies;
    if (isUpgraded(outcome) || isHead(outcome)) {
      // Balanced without the picker, or with it: upgrades and HEAD.
      check(broken, "invariant.picks", picks <= 1, picks, "at most 1 without a body");
    } else if (!outcome.arrivals().isEmpty()) {
      check(broken, "invariant.picks", picks == asked.size(), picks, "" + asked.size());
    } else {
      check(broken, "invariant.picks", picks <= 1, picks, "at most 1 where nothing arrived");
    }
    if (outcome.answer().end() != Answer.End.ABORTED) {
      check(
          broken,
          "invariant.access-lines",
          outcome.access().size() == 1,
          outcome.access().size(),
          "1");
      int attempts =
          outcome.access().stream().mapToInt(AccessLine::attempts).max().orElse(0);
      check(
          broken,
          "invariant.arrivals",
          outcome.arrivals().size() == attempts,
          outcome.arrivals().size(),
          attempts + " attempts");
    }
    return broken;
  }

  /** By the access log: a filter that buffers answers may hold back a 101. */
  private static boolean isUpgraded(Outcome outcome) {
    return outcome.access().stream().anyMatch(line -> line.status() == 101);
  }

  private static boolean isHead(Outcome outcome) {
    return outcome.arrivals().stream().anyMatch(arrival -> arrival.method().equals("HEAD"));
  }

  private static void check(
      List<Difference> broken, String field, boolean holds, long seen, String wanted) {
    if (!holds) {
      broken.add(new Difference(field, "" + seen, wanted));
    }
  }
}
