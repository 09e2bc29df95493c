package dev.pointsman.plan;

import dev.pointsman.model.Diagnostic;
import java.util.List;

/** The plan of a rule that names at least one pool. */
public sealed interface RulePlan {
  /** Diagnostics of the rule and its pools. */
  List<Diagnostic> diagnostics();

  /** The shares of the pools, at least one. */
  List<Share> shares();

  /** The whole rule has one pool: Envoy Gateway's cluster becomes the pool's. */
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
   * @param original Envoy Gateway's cluster of the rule, from which the pools' clusters are made
   * @param nonPoolWeight the weight of the original cluster, for the rule's Services and Backends; 0 if there are none,
   *     or if Envoy Gateway's route already has their weighted clusters
   */
  record Split(
      String original, long nonPoolWeight, List<Share> shares, List<Diagnostic> diagnostics)
      implements RulePlan {
    public Split {
      shares = List.copyOf(shares);
      diagnostics = List.copyOf(diagnostics);
    }
  }

  /** A weighted backend of a rule. */
  record Share(String cluster, long weight, PoolBackend pool) {}
}
