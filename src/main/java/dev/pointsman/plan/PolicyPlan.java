package dev.pointsman.plan;

import dev.pointsman.model.InferencePolicy.OutlierDetection;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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

  /** What policies ask, with the models that a base model stands for behind theirs. */
  public PolicyPlan withBaseModel(List<String> names) {
    Set<String> others = new LinkedHashSet<>(names);
    models.forEach(model -> model.names().forEach(others::remove));
    List<Model> all = new ArrayList<>(models);
    all.add(new Model(List.copyOf(others), Optional.empty()));
    return new PolicyPlan(outliers, picker, mirrors, all);
  }

  /** The same with no other models than those of the matches. */
  public PolicyPlan withModels(List<ModelMatch> matches) {
    return new PolicyPlan(
        outliers,
        picker,
        mirrors,
        matches.stream().map(match -> new Model(match.names(), match.plan())).toList());
  }

  /** The same without mirrors. */
  public PolicyPlan withoutMirrors() {
    return new PolicyPlan(outliers, picker, List.of(), models);
  }

  /** The same without certificates, so that no picker is trusted. */
  public PolicyPlan trustingNobody() {
    return new PolicyPlan(outliers, picker.trustingNobody(), mirrors, models);
  }

  /** The same without models in front of the rule, for routes that have nowhere to send them. */
  public PolicyPlan withoutModels() {
    return models.isEmpty() ? this : new PolicyPlan(outliers, picker, mirrors, List.of());
  }

  /**
   * A copy of requests that nobody waits for.
   *
   * @param backend a pool or a Service
   * @param picker how the mirror pool's own picker is asked to choose the pod; empty: it is not asked
   */
  public record Mirror(PoolBackend backend, int perMillion, Optional<PickerSettings> picker) {}

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
