package dev.pointsman.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Compares the shares of backends with their weights, by an exact two-sided binomial test. A correct share fails it with
 * a probability of at most {@link #FALSE_ALARM}, for each backend and side. 500 seeds have fewer than 5,000 such tests, so
 * one of them fails by chance in one of more than 100,000 runs.
 */
final class Shares {
  /** The significance level. */
  static final double FALSE_ALARM = 1e-9;

  private Shares() {}

  /** The shares that the weights exclude. */
  static List<Difference> wrong(
      List<Backend> backends, Map<String, Integer> pointsman, Map<String, Integer> stock) {
    List<Difference> wrong = new ArrayList<>();
    int total = backends.stream().mapToInt(Backend::weight).sum();
    for (Backend backend : backends) {
      double share = (double) backend.weight() / total;
      int one = pointsman.getOrDefault(backend.name(), 0);
      int other = stock.getOrDefault(backend.name(), 0);
      if (isExcluded(one, sum(pointsman), share) || isExcluded(other, sum(stock), share)) {
        wrong.add(new Difference(
            "shares." + backend.name(),
            one + " of " + sum(pointsman) + ", weight " + backend.weight() + " of " + total,
            other + " of " + sum(stock)));
      }
    }
    return wrong;
  }

  /** The number of occurrences by name. */
  static Map<String, Integer> count(List<String> names) {
    Map<String, Integer> counts = new TreeMap<>();
    names.forEach(name -> counts.merge(name, 1, Integer::sum));
    return counts;
  }

  private static int sum(Map<String, Integer> counts) {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Whether the test excludes the probability for so many hits. */
  static boolean isExcluded(int hits, int tries, double probability) {
    if (probability >= 1 || probability <= 0) {
      return probability >= 1 ? hits < tries : hits > 0;
    }
    double below = 0;
    double above = 0;
    for (int k = 0; k <= tries; k++) {
      double chance = Math.exp(logBinomial(tries, k)
          + k * Math.log(probability)
          + (tries - k) * Math.log1p(-probability));
      below += k <= hits ? chance : 0;
      above += k >= hits ? chance : 0;
    }
    return 2 * Math.min(below, above) < FALSE_ALARM;
  }

  private static double logBinomial(int n, int k) {
    double log = 0;
    for (int i = 1; i <= k; i++) {
      log += Math.log(n - k + i) - Math.log(i);
    }
    return log;
  }
}
