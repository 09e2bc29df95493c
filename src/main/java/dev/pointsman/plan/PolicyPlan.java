package dev.pointsman.plan;

import dev.pointsman.model.InferencePolicy.Explain;
import dev.pointsman.model.InferencePolicy.Identity;
import dev.pointsman.model.InferencePolicy.OutlierDetection;
import dev.pointsman.model.Subset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The settings of policies for a rule, with references resolved.
 *
 * @param outliers the ejection of the pools' pods, unless a BackendTrafficPolicy configures it
 * @param upstreamTls the security of the connections to the pods of pools
 * @param models models whose routes precede the rule's, joined
 * @param countsTokens whether the tokens of the pools' responses are counted
 * @param identity the headers by which pickers tell clients apart
 * @param explain the requests whose responses explain themselves
 * @param fallback the stages after the rule's backends
 * @param subset the pods of the rule's own pools that serve its requests; empty: all
 */
public record PolicyPlan(
    Optional<OutlierDetection> outliers,
    PickerSettings picker,
    UpstreamTls upstreamTls,
    List<Mirror> mirrors,
    List<ModelMatch> models,
    boolean countsTokens,
    Identity identity,
    Optional<Explain> explain,
    Optional<Fallback> fallback,
    Optional<Subset> subset) {
  /** No policy. */
  public static final PolicyPlan NONE = new PolicyPlan(
      Optional.empty(),
      PickerSettings.DEFAULT,
      UpstreamTls.PLAINTEXT,
      List.of(),
      List.of(),
      false,
      Identity.NONE,
      Optional.empty(),
      Optional.empty(),
      Optional.empty());

  public PolicyPlan {
    mirrors = List.copyOf(mirrors);
    models = List.copyOf(models);
  }

  /** The same settings, with the models of a base model after the policy's own. */
  public PolicyPlan withBaseModel(List<String> names) {
    Set<String> others = new LinkedHashSet<>(names);
    models.forEach(model -> model.names().forEach(others::remove));
    List<ModelMatch> all = new ArrayList<>(models);
    all.add(new ModelMatch(List.copyOf(others), Optional.empty(), Optional.empty()));
    return withModels(all);
  }

  /** The same settings, with only these models. */
  public PolicyPlan withModels(List<ModelMatch> some) {
    return with(picker, upstreamTls, mirrors, ModelMatch.join(some), fallback);
  }

  /** The same settings without mirrors. */
  public PolicyPlan withoutMirrors() {
    return with(picker, upstreamTls, List.of(), models, fallback);
  }

  /** The same settings without certificates, so that no picker and no pod is trusted. */
  public PolicyPlan trustingNobody() {
    return with(picker.trustingNobody(), upstreamTls.trustingNobody(), mirrors, models, fallback);
  }

  /** The same settings without models and fallbacks, for routes that have no backend for them. */
  public PolicyPlan withoutModels() {
    return models.isEmpty() && fallback.isEmpty()
        ? this
        : with(picker, upstreamTls, mirrors, List.of(), Optional.empty());
  }

  /** The same settings without fallbacks. */
  public PolicyPlan withoutFallbacks() {
    return with(
        picker,
        upstreamTls,
        mirrors,
        ModelMatch.join(models.stream().map(ModelMatch::withoutFallback).toList()),
        Optional.empty());
  }

  private PolicyPlan with(
      PickerSettings otherPicker,
      UpstreamTls otherTls,
      List<Mirror> otherMirrors,
      List<ModelMatch> otherModels,
      Optional<Fallback> otherFallback) {
    return new PolicyPlan(
        outliers,
        otherPicker,
        otherTls,
        otherMirrors,
        otherModels,
        countsTokens,
        identity,
        explain,
        otherFallback,
        subset);
  }

  /** The fallback of the rule, if its requests are sent in stages. */
  public Optional<Fallback> ofRule() {
    return fallback.filter(Fallback::isNeeded);
  }

  /** The fallback of a model, if its requests are sent in stages. */
  public Optional<Fallback> of(ModelMatch model) {
    return model.fallback().or(() -> fallback).filter(Fallback::isNeeded);
  }

  /** The fallbacks of the rule and of its models whose requests are sent in stages. */
  public Stream<Fallback> fallbacks() {
    return Stream.concat(ofRule().stream(), models.stream().flatMap(model -> of(model).stream()))
        .distinct();
  }

  /**
   * A mirror: its responses are discarded.
   *
   * @param backend a pool or a Service
   * @param picker the settings for the mirror pool's own picker; empty: no picker is used
   * @param model the model's name in the bodies of the mirrored requests; empty: the client's
   * @param upstreamTls the security of the connections to the pods of a pool
   */
  public record Mirror(
      PoolBackend backend,
      int perMillion,
      Optional<PickerSettings> picker,
      Optional<String> model,
      UpstreamTls upstreamTls) {}
}
