package dev.pointsman.plan;

import dev.pointsman.model.InferencePolicy.Identity;
import dev.pointsman.model.InferencePolicy.OutlierDetection;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The settings of policies for a rule, with references resolved.
 *
 * @param outliers the ejection of the pools' pods, unless a BackendTrafficPolicy configures it
 * @param models models whose routes precede the rule's
 * @param countsTokens whether the tokens of the pools' responses are counted
 * @param identity the headers by which pickers tell clients apart
 */
public record PolicyPlan(
    Optional<OutlierDetection> outliers,
    PickerSettings picker,
    List<Mirror> mirrors,
    List<Model> models,
    boolean countsTokens,
    Identity identity) {
  /** No policy. */
  public static final PolicyPlan NONE = new PolicyPlan(
      Optional.empty(), PickerSettings.DEFAULT, List.of(), List.of(), false, Identity.NONE);

  public PolicyPlan {
    mirrors = List.copyOf(mirrors);
    models = List.copyOf(models);
  }

  /** The same settings, with the models of a base model after the policy's own. */
  public PolicyPlan withBaseModel(List<String> names) {
    Set<String> others = new LinkedHashSet<>(names);
    models.forEach(model -> model.names().forEach(others::remove));
    List<Model> all = new ArrayList<>(models);
    all.add(new Model(List.copyOf(others), Optional.empty()));
    return new PolicyPlan(outliers, picker, mirrors, all, countsTokens, identity);
  }

  /** The same settings, with only the models of the matches. */
  public PolicyPlan withModels(List<ModelMatch> matches) {
    return new PolicyPlan(
        outliers,
        picker,
        mirrors,
        matches.stream().map(match -> new Model(match.names(), match.plan())).toList(),
        countsTokens,
        identity);
  }

  /** The same settings without mirrors. */
  public PolicyPlan withoutMirrors() {
    return new PolicyPlan(outliers, picker, List.of(), models, countsTokens, identity);
  }

  /** The same settings without certificates, so that no picker is trusted. */
  public PolicyPlan trustingNobody() {
    return new PolicyPlan(
        outliers, picker.trustingNobody(), mirrors, models, countsTokens, identity);
  }

  /** The same settings without models, for routes that have no backend for them. */
  public PolicyPlan withoutModels() {
    return models.isEmpty()
        ? this
        : new PolicyPlan(outliers, picker, mirrors, List.of(), countsTokens, identity);
  }

  /**
   * A mirror: its responses are discarded.
   *
   * @param backend a pool or a Service
   * @param picker the settings for the mirror pool's own picker; empty: no picker is used
   */
  public record Mirror(PoolBackend backend, int perMillion, Optional<PickerSettings> picker) {}

  /**
   * The names of one model, and its destination.
   *
   * @param plan empty: the rule's own destination
   */
  public record Model(List<String> names, Optional<RulePlan> plan) {
    public Model {
      names = List.copyOf(names);
    }
  }
}
