package dev.pointsman.plan;

import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.InferenceModel;
import dev.pointsman.model.InferencePolicy;
import dev.pointsman.model.InferencePolicy.Destination;
import dev.pointsman.model.InferencePolicy.FallbackSpec;
import dev.pointsman.model.InferencePolicy.StageSpec;
import dev.pointsman.model.InferencePool;
import dev.pointsman.model.PoolRef;
import dev.pointsman.model.ReferenceGrant;
import dev.pointsman.model.ServicePort;
import dev.pointsman.model.ServiceRefusal;
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
  private final ClusterSnapshot snapshot;
  private final Consumer<Diagnostic> diagnostics;

  /** Creates a planner for one translation. */
  public PolicyPlanner(ClusterSnapshot snapshot, Consumer<Diagnostic> diagnostics) {
    this.snapshot = snapshot;
    this.diagnostics = diagnostics;
  }

  /**
   * The plan of a rule.
   *
   * @param rule the rule's cluster, the prefix of the names of added clusters
   * @param pools the rule's own pools
   * @param policies the most specific first, one for each level
   */
  public PolicyPlan plan(String rule, List<PoolBackend> pools, List<InferencePolicy> policies) {
    if (policies.isEmpty()) {
      return PolicyPlan.NONE;
    }
    PickerSettings picker = firstHolder(
            policies, policy -> policy.endpointPicker().isPresent())
        .map(new PickerPlanner(snapshot, diagnostics)::plan)
        .orElse(PickerSettings.DEFAULT);
    return new PolicyPlan(
        first(policies, InferencePolicy::outlierDetection),
        picker,
        firstHolder(policies, policy -> !policy.mirrors().isEmpty())
            .map(policy -> mirrors(policy, picker))
            .orElse(List.of()),
        firstHolder(
                policies,
                policy -> !policy.models().isEmpty() || policy.modelsFromInferenceModels())
            .map(policy -> ModelMatch.join(models(rule, pools, policy)))
            .orElse(List.of()),
        first(policies, InferencePolicy::countsTokens).orElse(false),
        first(policies, InferencePolicy::identity).orElse(InferencePolicy.Identity.NONE),
        first(policies, InferencePolicy::explain),
        firstHolder(policies, policy -> policy.fallback().isPresent())
            .flatMap(policy -> fallback(rule, rule, "spec", policy.fallback(), policy)));
  }

  private List<Mirror> mirrors(InferencePolicy policy, PickerSettings picker) {
    List<Mirror> mirrors = new ArrayList<>();
    for (int i = 0; i < policy.mirrors().size(); i++) {
      InferencePolicy.MirrorSpec mirror = policy.mirrors().get(i);
      PoolBackend backend = resolve(policy, "spec.mirrors[" + i + "]", mirror.destination());
      if (!(backend instanceof InvalidPool) && mirror.perMillion() > 0) {
        mirrors.add(new Mirror(
            backend,
            mirror.perMillion(),
            mirror.usesPicker() ? Optional.of(picker) : Optional.empty()));
      }
    }
    return mirrors;
  }

  private List<ModelMatch> models(String rule, List<PoolBackend> pools, InferencePolicy policy) {
    List<ModelMatch> models = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < policy.models().size(); i++) {
      InferencePolicy.ModelSpec model = policy.models().get(i);
      List<String> own = new ArrayList<>();
      own.add(model.name());
      own.addAll(model.aliases());
      names.addAll(own);
      models.add(new ModelMatch(
          own,
          model.backends().isEmpty()
              ? Optional.empty()
              : Optional.of(split(rule, i, model, policy)),
          fallback(
              rule, rule + "/model/" + i, "spec.models[" + i + "]", model.fallback(), policy)));
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
    List<PoolRef> refs = pools.stream()
        .filter(ValidPool.class::isInstance)
        .map(pool -> ((ValidPool) pool).ref())
        .toList();
    return snapshot.models().stream()
        .filter(model -> refs.contains(model.pool()))
        .map(InferenceModel::modelName)
        .toList();
  }

  /** The plan of a model with backends of its own, like that of a rule. */
  private RulePlan split(
      String rule, int index, InferencePolicy.ModelSpec model, InferencePolicy policy) {
    List<Share> shares = new ArrayList<>();
    for (int j = 0; j < model.backends().size(); j++) {
      InferencePolicy.Backend backend = model.backends().get(j);
      if (backend.weight() > 0) {
        String field = "spec.models[" + index + "].backends[" + j + "]";
        shares.add(new Share(
            BackendWeight.cluster(rule + "/model/" + index, j),
            backend.weight(),
            resolve(policy, field, backend.destination())));
      }
    }
    return new Split(rule, 0, shares, List.of());
  }

  /**
   * The stages of a fallback that are valid.
   *
   * @param name the prefix of the names of their clusters
   * @param path of the part of the policy that has the fallback
   */
  private Optional<Fallback> fallback(
      String rule,
      String name,
      String path,
      Optional<FallbackSpec> fallback,
      InferencePolicy policy) {
    List<Fallback.Stage> stages = new ArrayList<>();
    List<StageSpec> specs = fallback.map(FallbackSpec::to).orElse(List.of());
    for (int i = 0; i < specs.size(); i++) {
      String field = path + ".fallback.to[" + i + "]";
      PoolBackend backend = resolve(policy, field, specs.get(i).destination());
      if (!(backend instanceof InvalidPool)) {
        stages.add(new Fallback.Stage(
            new Share(name + "/fallback/" + i, 1, backend), specs.get(i).model()));
      }
    }
    return fallback.map(
        spec -> new Fallback(rule, stages, spec.onUnavailable(), spec.onOverloaded()));
  }

  private PoolBackend resolve(InferencePolicy policy, String field, Destination destination) {
    return switch (destination) {
      case Destination.Pool(PoolRef ref) -> pool(policy, field + ".pool", ref);
      case Destination.ServiceDestination(ServicePort service) ->
        service(policy, field + ".service", service);
    };
  }

  private PoolBackend pool(InferencePolicy policy, String field, PoolRef ref) {
    if (!snapshot.permits(
        from(policy), ref.namespace(), ref.group(), "InferencePool", ref.name())) {
      return invalid(
          policy,
          field,
          Reason.RefNotPermitted,
          "names InferencePool " + ref
              + " in another namespace, and no ReferenceGrant there allows it");
    }
    InferencePool pool = snapshot.pools().get(ref);
    return pool == null
        ? invalid(
            policy,
            field,
            Reason.BackendNotFound,
            "names InferencePool " + ref + " (" + ref.group() + "), which does not exist")
        : ValidPool.of(pool, List.of());
  }

  private PoolBackend service(InferencePolicy policy, String field, ServicePort service) {
    if (!snapshot.permits(from(policy), service.namespace(), "", "Service", service.name())) {
      return invalid(
          policy,
          field,
          Reason.RefNotPermitted,
          "names Service " + service
              + " in another namespace, and no ReferenceGrant there allows it");
    }
    Optional<ServiceRefusal> refusal = snapshot.refusal(service);
    return refusal.isPresent()
        ? invalid(
            policy,
            field,
            Reason.BackendNotFound,
            "names Service " + service + ", " + refusal.get().clause())
        : new ServiceBackend(service);
  }

  private static ReferenceGrant.From from(InferencePolicy policy) {
    return new ReferenceGrant.From(InferencePolicy.GROUP, InferencePolicy.KIND, policy.namespace());
  }

  private InvalidPool invalid(InferencePolicy policy, String field, Reason reason, String message) {
    Diagnostic diagnostic = new Diagnostic(reason, policy.ref(), field, message);
    diagnostics.accept(diagnostic);
    return new InvalidPool(List.of(diagnostic));
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
