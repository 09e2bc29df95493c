package dev.pointsman.plan;

import dev.pointsman.model.Diagnostic;
import java.util.List;

/** What becomes of a rule that names at least one pool. */
public sealed interface RulePlan {
  /** What there is to say about the rule and its pools. */
  List<Diagnostic> diagnostics();

  /** The pools' parts of the rule, at least one. */
  List<Share> shares();

  /** The whole rule goes to one pool: Envoy Gateway's cluster becomes the pool's. */
  record Single(Share share, List<Diagnostic> diagnostics) implements RulePlan {
    public Single {
      diagnostics = List.copyOf(diagnostics);
    }

    @Override
    public List<Share> shares() {
      return List.of(share);
    }
  }

  /**
   * Several shares: each pool gets a cluster of its own.
   *
   * @param original Envoy Gateway's cluster of the rule, which the pools' clusters are made from
   * @param nonPoolWeight the weight that stays with the original cluster, for the rule's Services and Backends; 0 when there
   *     are none, or when Envoy Gateway has written their weighted clusters itself
   */
  record Split(
      String original, long nonPoolWeight, List<Share> shares, List<Diagnostic> diagnostics)
      implements RulePlan {
    public Split {
      shares = List.copyOf(shares);
      diagnostics = List.copyOf(diagnostics);
    }
  }

  /** A pool's part of a rule. */
  record Share(String cluster, long weight, PoolBackend pool) {}
}
