package dev.pointsman.plan;

import dev.pointsman.model.InferencePolicy.OutlierDetection;
import java.util.List;
import java.util.Optional;

/**
 * What policies ask of a rule, references resolved.
 *
 * @param outliers when the pools' pods are set aside, unless BackendTrafficPolicy says it
 * @param models models that stand in front of the rule
 */
public record PolicyPlan(
    Optional<OutlierDetection> outliers,
    PickerSettings picker,
    List<Mirror> mirrors,
    List<Model> models) {
  /** No policy. */
  public static final PolicyPlan NONE =
      new PolicyPlan(Optional.empty(), PickerSettings.DEFAULT, List.of(), List.of());

  public PolicyPlan {
    mirrors = List.copyOf(mirrors);
    models = List.copyOf(models);
  }

  /**
   * A copy of requests that nobody waits for.
   *
   * @param backend a pool or a Service
   * @param asksPicker whether the mirror pool's own picker chooses the pod
   */
  public record Mirror(PoolBackend backend, int perMillion, boolean asksPicker) {}

  /**
   * Names of one model, and where its requests go.
   *
   * @param plan empty: where the rule's requests go
   */
  public record Model(List<String> names, Optional<RulePlan> plan) {
    public Model {
      names = List.copyOf(names);
    }
  }
}
