package dev.pointsman.plan;

import dev.pointsman.model.Subset;
import dev.pointsman.plan.RulePlan.Share;
import java.util.List;
import java.util.Optional;

/**
 * The stages after the backends of a rule or a model, with references resolved. A request goes to the next stage if the
 * one before it cannot serve it.
 *
 * @param original the rule's cluster, from which the clusters of the stages are made
 * @param stages the valid ones
 * @param onUnavailable whether a refused connection, a reset and a 503 fall back
 * @param onOverloaded whether a 429 falls back
 * @param hint the subset of pods that the first stage's pickers are told to choose from; empty: none
 */
public record Fallback(
    String original,
    List<Stage> stages,
    boolean onUnavailable,
    boolean onOverloaded,
    Optional<Subset> hint) {
  public Fallback {
    stages = List.copyOf(stages);
  }

  /** Whether its requests have to be sent in stages: there is another stage, or a picker needs the hint. */
  boolean isNeeded() {
    return !stages.isEmpty() || hint.isPresent();
  }

  /**
   * A stage.
   *
   * @param share the whole of the stage's requests
   * @param model the model's name in the bodies of the stage's requests; empty: the client's
   */
  public record Stage(Share share, Optional<String> model) {}
}
