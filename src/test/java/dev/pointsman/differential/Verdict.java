package dev.pointsman.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The findings about a situation.
 *
 * @param findings unexplained differences
 * @param unsteady lines about those that did not come again
 */
record Verdict(Situation situation, List<Finding> findings, List<String> unsteady) {
  /** Unexplained differences of an ask. */
  record Finding(Ask ask, Outcome pointsman, Outcome stock, List<Difference> differences) {}

  Verdict {
    findings = List.copyOf(findings);
    unsteady = List.copyOf(unsteady);
  }

  /** Compares both sides. */
  static Verdict of(Situation situation, Seen pointsman, Seen stock, Expected expected) {
    List<Finding> findings = new ArrayList<>();
    for (Ask ask : situation.asks()) {
      List<Outcome> ones = pointsman.of(situation, ask);
      List<Outcome> others = stock.of(situation, ask);
      Outcome one = ones.getFirst();
      Outcome other = others.getFirst();
      Map<String, String> traits = Traits.of(situation, ask, other);
      List<Difference> differences = new ArrayList<>(Comparison.of(ask, one, other));
      ones.forEach(each -> differences.addAll(Invariants.broken(situation, each)));
      if (ask.copies() > 1 && ask.ending() == Ask.Ending.NORMAL) {
        differences.addAll(shares(situation, other.route(), ones, others));
      }
      List<Difference> unexplained =
          expected.unexplained(differences.stream().distinct().toList(), traits);
      if (!unexplained.isEmpty()) {
        findings.add(new Finding(ask, one, other, unexplained));
      }
    }
    return new Verdict(situation, findings, List.of());
  }

  private static List<Difference> shares(
      Situation situation, String route, List<Outcome> ones, List<Outcome> others) {
    return situation.rules().stream()
        .filter(rule -> rule.name().equals(route))
        .flatMap(rule -> Shares.wrong(rule.backends(), count(ones), count(others)).stream())
        .toList();
  }

  private static Map<String, Integer> count(List<Outcome> outcomes) {
    return Shares.count(outcomes.stream()
        .flatMap(outcome -> outcome.arrivals().stream().limit(1))
        .map(Arrival::backend)
        .toList());
  }

  /** The findings that another play of the same situation has, too. */
  Verdict and(Verdict again) {
    Set<String> seen = again.findings.stream().flatMap(Verdict::keys).collect(Collectors.toSet());
    List<Finding> steady = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (Finding finding : findings) {
      if (keys(finding).anyMatch(seen::contains)) {
        steady.add(finding);
      } else {
        others.add(finding.ask() + ": " + finding.differences());
      }
    }
    return new Verdict(situation, steady, others);
  }

  private static Stream<String> keys(Finding finding) {
    return finding.differences().stream()
        .map(difference -> finding.ask().number() + " " + difference.field());
  }
}
