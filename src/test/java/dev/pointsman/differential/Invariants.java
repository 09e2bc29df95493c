package dev.pointsman.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Invariants of each request with Pointsman, independent of the stock gateway. */
final class Invariants {
  private Invariants() {}

  /** The broken invariants. */
  static List<Difference> broken(Situation situation, Outcome outcome) {
    List<Difference> broken = new ArrayList<>();
    Set<String> withPicker = situation
        .backends()
        .filter(backend -> backend.hasPicker() && !backend.isSilent())
        .map(Backend::name)
        .collect(Collectors.toSet());
    Set<String> asked = outcome.received().stream()
        .map(ReceivedRequest::backend)
        .filter(withPicker::contains)
        .collect(Collectors.toSet());
    long copies = outcome.copies().stream()
        .filter(copy -> withPicker.contains(copy.backend()))
        .count();
    long picks = outcome.picks().size() - copies;
    if (isUpgraded(outcome) || isHead(outcome)) {
      // Upgrades and HEAD requests may be balanced without the picker.
      check(broken, "invariant.picks", picks <= 1, picks, "at most 1 without a body");
    } else if (!outcome.received().isEmpty()) {
      check(broken, "invariant.picks", picks == asked.size(), picks, "" + asked.size());
    } else {
      check(broken, "invariant.picks", picks <= 1, picks, "at most 1 without a received request");
    }
    if (outcome.response().end() != ClientResponse.End.ABORTED) {
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
          outcome.received().size() == attempts,
          outcome.received().size(),
          attempts + " attempts");
    }
    return broken;
  }

  /** Whether the access log has an upgrade: a filter that buffers responses may hold back a 101. */
  private static boolean isUpgraded(Outcome outcome) {
    return outcome.access().stream().anyMatch(line -> line.status() == 101);
  }

  private static boolean isHead(Outcome outcome) {
    return outcome.received().stream().anyMatch(received -> received.method().equals("HEAD"));
  }

  private static void check(
      List<Difference> broken, String field, boolean holds, long observations, String wanted) {
    if (!holds) {
      broken.add(new Difference(field, "" + observations, wanted));
    }
  }
}
