package dev.pointsman.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Judges a situation: what differs and is not expected. */
record Verdict(Situation situation, List<Finding> findings) {
  /** Something unexplained about an ask. */
  record Finding(Ask ask, Outcome pointsman, Outcome stock, List<Difference> differences) {}

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
    return new Verdict(situation, findings);
  }

  private static List<Difference> shares(
      Situation situation, String route, List<Outcome> ones, List<Outcome> others) {
    return situation.rules().stream()
        .filter(rule -> ("r" + rule.number()).equals(route))
        .flatMap(rule -> Shares.wrong(rule.backends(), count(ones), count(others)).stream())
        .toList();
  }

  private static Map<String, Integer> count(List<Outcome> outcomes) {
    return Shares.count(outcomes.stream()
        .flatMap(outcome -> outcome.arrivals().stream().limit(1))
        .map(Arrival::backend)
        .toList());
  }

  /** One line. */
  String summary() {
    return "seed " + situation.seed() + ": " + findings.size() + " of "
        + situation.asks().size()
        + " requests differ; " + findings.getFirst().ask() + "; "
        + findings.getFirst().differences().getFirst();
  }
}
