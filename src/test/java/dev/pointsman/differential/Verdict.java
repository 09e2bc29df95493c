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
 * @param unsteady descriptions of findings that did not occur again
 */
record Verdict(Situation situation, List<Finding> findings, List<String> unsteady) {
  /** The unexplained differences of a request. */
  record Finding(
      DrawnRequest request, Outcome pointsman, Outcome stock, List<Difference> differences) {}

  Verdict {
    findings = List.copyOf(findings);
    unsteady = List.copyOf(unsteady);
  }

  /** Compares the outcomes on both sides. */
  static Verdict of(
      Situation situation, Observations pointsman, Observations stock, Expected expected) {
    List<Finding> findings = new ArrayList<>();
    for (DrawnRequest request : situation.requests()) {
      List<Outcome> ones = pointsman.of(situation, request);
      List<Outcome> others = stock.of(situation, request);
      Outcome one = ones.getFirst();
      Outcome other = others.getFirst();
      Map<String, String> traits = Traits.of(situation, request, other);
      List<Difference> differences = new ArrayList<>(Comparison.of(request, one, other));
      ones.forEach(each -> differences.addAll(Invariants.broken(situation, each)));
      if (request.copies() > 1 && request.behavior() == DrawnRequest.Behavior.NORMAL) {
        differences.addAll(shares(situation, other.route(), ones, others));
      }
      List<Difference> unexplained =
          expected.unexplained(differences.stream().distinct().toList(), traits);
      if (!unexplained.isEmpty()) {
        findings.add(new Finding(request, one, other, unexplained));
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
        .flatMap(outcome -> outcome.received().stream().limit(1))
        .map(ReceivedRequest::backend)
        .toList());
  }

  /** The verdict with only the findings that another run of the situation also has. */
  Verdict and(Verdict again) {
    Set<String> observations =
        again.findings.stream().flatMap(Verdict::keys).collect(Collectors.toSet());
    List<Finding> steady = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (Finding finding : findings) {
      if (keys(finding).anyMatch(observations::contains)) {
        steady.add(finding);
      } else {
        others.add(finding.request() + ": " + finding.differences());
      }
    }
    return new Verdict(situation, steady, others);
  }

  private static Stream<String> keys(Finding finding) {
    return finding.differences().stream()
        .map(difference -> finding.request().number() + " " + difference.field());
  }
}
