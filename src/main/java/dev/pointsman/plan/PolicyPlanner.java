package dev.pointsman.plan;

import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.InferencePolicy;
import dev.pointsman.model.InferencePolicy.FallbackSpec;
import dev.pointsman.model.InferencePolicy.StageSpec;
import dev.pointsman.model.PoolRef;
import dev.pointsman.model.ServicePort;
import dev.pointsman.model.Subset;
import dev.pointsman.plan.PolicyPlan.Mirror;
import dev.pointsman.plan.PoolBackend.InvalidPool;
import dev.pointsman.plan.PoolBackend.ServiceBackend;
import dev.pointsman.plan.PoolBackend.ValidPool;
import dev.pointsman.plan.RulePlan.Share;
import dev.pointsman.plan.RulePlan.Split;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Decides the settings of policies for a rule. A missing part of a policy is taken from the next less specific policy,
 * in the order rule, HTTPRoute, listener, Gateway. References that cannot be resolved are omitted, or the model's route
 * answers 5xx; both are reported.
 */
public final class PolicyPlanner {
  private final ClusterReads reads;
  private final Consumer<Diagnostic> diagnostics;
  private final PolicyReferences references;

  /** Creates a planner for the diagnostics alone. */
  public PolicyPlanner(ClusterSnapshot snapshot, Consumer<Diagnostic> diagnostics) {
    this(new ClusterReads(snapshot), diagnostics);
  }

  /** Creates a planner for one translation. */
  public PolicyPlanner(ClusterReads reads, Consumer<Diagnostic> diagnostics) {
    this.reads = reads;
    this.diagnostics = diagnostics;
    references = new PolicyReferences(reads, diagnostics);
  }

  /** The plan of a rule whose cluster has the rule's name. */
  public PolicyPlan plan(String rule, List<PoolBackend> pools, List<InferencePolicy> policies) {
    return plan(rule, rule, pools, policies);
  }

  /**
   * The plan of a rule.
   *
   * @param rule the prefix of the names of added clusters
   * @param original Envoy Gateway's cluster from which these are made
   * @param pools the rule's own pools
   * @param policies the most specific first, one for each level
   */
  public PolicyPlan plan(
      String rule, String original, List<PoolBackend> pools, List<InferencePolicy> policies) {
    if (policies.isEmpty()) {
      return PolicyPlan.NONE;
    }
    TlsPlanner connections = new TlsPlanner(reads, diagnostics);
    PickerSettings picker = firstHolder(
            policies, policy -> policy.endpointPicker().isPresent())
        .map(connections::pickers)
        .orElse(PickerSettings.DEFAULT);
    UpstreamTls upstreamTls = firstHolder(
            policies, policy -> policy.upstreamTls().isPresent())
        .map(connections::pods)
        .orElse(UpstreamTls.PLAINTEXT);
    Optional<Subset> subset = first(policies, InferencePolicy::subset);
    Optional<InferencePolicy> ofModels = firstHolder(
        policies, policy -> !policy.models().isEmpty() || policy.modelsFromInferenceModels());
    List<InferencePolicy.ModelSpec> withBackends =
        ofModels.map(InferencePolicy::models).orElse(List.of());
    return new PolicyPlan(
        first(policies, InferencePolicy::outlierDetection),
        picker,
        upstreamTls,
        firstHolder(policies, policy -> !policy.mirrors().isEmpty())
            .map(policy -> mirrors(
                policy, picker, upstreamTls, new RepeatedMirrors(policy, pools, withBackends)))
            .orElse(List.of()),
        ofModels
            .map(policy -> ModelMatch.join(models(rule, original, pools, policy, subset)))
            .orElse(List.of()),
        first(policies, InferencePolicy::countsTokens).orElse(false),
        first(policies, InferencePolicy::identity).orElse(InferencePolicy.Identity.NONE),
        first(policies, InferencePolicy::explain),
        firstHolder(policies, policy -> policy.fallback().isPresent())
            .flatMap(policy ->
                fallback(original, rule, pools, "spec", policy.fallback(), policy, subset))
            .or(() -> subset.map(_ -> new Fallback(original, List.of(), false, false, subset))),
        subset);
  }

  private List<Mirror> mirrors(
      InferencePolicy policy,
      PickerSettings picker,
      UpstreamTls upstreamTls,
      RepeatedMirrors repeated) {
    List<Mirror> mirrors = new ArrayList<>();
    for (int i = 0; i < policy.mirrors().size(); i++) {
      InferencePolicy.MirrorSpec mirror = policy.mirrors().get(i);
      PoolBackend backend =
          references.resolve(policy, "spec.mirrors[" + i + "]", mirror.destination());
      if (!(backend instanceof InvalidPool) && mirror.perMillion() > 0) {
        repeated.check(i).ifPresent(diagnostics);
        mirrors.add(new Mirror(
            backend,
            mirror.perMillion(),
            mirror.usesPicker() ? Optional.of(picker) : Optional.empty(),
            mirror.model(),
            upstreamTls));
      }
    }
    return mirrors;
  }

  private List<ModelMatch> models(
      String rule,
      String original,
      List<PoolBackend> pools,
      InferencePolicy policy,
      Optional<Subset> subset) {
    List<ModelMatch> models = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < policy.models().size(); i++) {
      InferencePolicy.ModelSpec model = policy.models().get(i);
      List<String> own = new ArrayList<>();
      own.add(model.name());
      own.addAll(model.aliases());
      names.addAll(own);
      Optional<RulePlan> plan = model.backends().isEmpty()
          ? Optional.empty()
          : Optional.of(split(rule, original, i, model, policy));
      models.add(new ModelMatch(
          own,
          plan,
          fallback(
              original,
              rule + "/model/" + i,
              plan.map(one -> one.shares().stream().map(Share::pool).toList()).orElse(pools),
              "spec.models[" + i + "]",
              model.fallback(),
              policy,
              subset)));
    }
    if (policy.modelsFromInferenceModels()) {
      inferenceModels(pools).stream()
          .filter(names::add) // the policy's own entry or the oldest object has precedence
          .forEach(name ->
              models.add(new ModelMatch(List.of(name), Optional.empty(), Optional.empty())));
    }
    return models;
  }

  /** The names of InferenceModels bound to the pools, oldest first. */
  private List<String> inferenceModels(List<PoolBackend> pools) {
    return reads.modelsOf(pools.stream()
        .filter(ValidPool.class::isInstance)
        .map(pool -> ((ValidPool) pool).ref())
        .toList());
  }

  /** The plan of a model with backends of its own, like that of a rule. */
  private RulePlan split(
      String rule,
      String original,
      int index,
      InferencePolicy.ModelSpec model,
      InferencePolicy policy) {
    List<Share> shares = new ArrayList<>();
    for (int j = 0; j < model.backends().size(); j++) {
      InferencePolicy.Backend backend = model.backends().get(j);
      if (backend.weight() > 0) {
        String field = "spec.models[" + index + "].backends[" + j + "]";
        shares.add(new Share(
            BackendWeight.prefix(rule + "/model/" + index) + j,
            backend.weight(),
            renamed(references.resolve(policy, field, backend.destination()), backend.model())));
      }
    }
    return new Split(original, 0, shares, List.of());
  }

  private static PoolBackend renamed(PoolBackend backend, Optional<String> model) {
    return backend instanceof ServiceBackend(ServicePort service, Optional<String> _)
        ? new ServiceBackend(service, model)
        : backend;
  }

  /**
   * The stages of a fallback that are valid.
   *
   * @param name the prefix of the names of their clusters
   * @param asked the first stage, which is not asked again unless only some of its pods were
   * @param path of the part of the policy that has the fallback
   * @param hint the subset that the first stage's pickers are told
   */
  private Optional<Fallback> fallback(
      String original,
      String name,
      List<PoolBackend> asked,
      String path,
      Optional<FallbackSpec> fallback,
      InferencePolicy policy,
      Optional<Subset> hint) {
    List<Fallback.Stage> stages = new ArrayList<>();
    List<StageSpec> specs = fallback.map(FallbackSpec::to).orElse(List.of());
    for (int i = 0; i < specs.size(); i++) {
      String field = path + ".fallback.to[" + i + "]";
      PoolBackend backend = references.resolve(policy, field, specs.get(i).destination());
      if (hint.isEmpty() && backend instanceof ValidPool pool && names(asked, pool.ref())) {
        diagnostics.accept(new Diagnostic(
            Reason.RepeatedStage,
            policy.ref(),
            field + ".pool",
            "names InferencePool " + pool.ref() + ", which is asked first: it is left out"));
      } else if (!(backend instanceof InvalidPool)) {
        stages.add(new Fallback.Stage(
            new Share(name + "/fallback/" + i, 1, backend), specs.get(i).model()));
      }
    }
    return fallback.map(
        spec -> new Fallback(original, stages, spec.onUnavailable(), spec.onOverloaded(), hint));
  }

  private static boolean names(List<PoolBackend> backends, PoolRef ref) {
    return backends.stream()
        .anyMatch(one -> one instanceof ValidPool pool && pool.ref().equals(ref));
  }

  private static <T> Optional<T> first(
      List<InferencePolicy> policies, Function<InferencePolicy, Optional<T>> part) {
    return policies.stream().map(part).flatMap(Optional::stream).findFirst();
  }

  private static Optional<InferencePolicy> firstHolder(
      List<InferencePolicy> policies, Predicate<InferencePolicy> has) {
    return policies.stream().filter(has).findFirst();
  }
}
