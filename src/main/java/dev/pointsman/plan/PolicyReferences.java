package dev.pointsman.plan;

import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.InferencePolicy;
import dev.pointsman.model.InferencePolicy.Destination;
import dev.pointsman.model.InferencePool;
import dev.pointsman.model.PoolRef;
import dev.pointsman.model.ReferenceGrant;
import dev.pointsman.model.ServicePort;
import dev.pointsman.model.ServiceRefusal;
import dev.pointsman.plan.ClusterReads.NamedPool;
import dev.pointsman.plan.ClusterReads.NamedService;
import dev.pointsman.plan.ClusterReads.Permission;
import dev.pointsman.plan.PoolBackend.InvalidPool;
import dev.pointsman.plan.PoolBackend.ServiceBackend;
import dev.pointsman.plan.PoolBackend.ValidPool;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Resolves the references of policies to pools and Services. */
record PolicyReferences(ClusterReads reads, Consumer<Diagnostic> diagnostics) {
  /**
   * The destination; an invalid one is reported.
   *
   * @param field the path of the part of the policy that names it
   */
  PoolBackend resolve(InferencePolicy policy, String field, Destination destination) {
    return switch (destination) {
      case Destination.Pool(PoolRef ref) -> pool(policy, field + ".pool", ref);
      case Destination.ServiceDestination(ServicePort service) ->
        service(policy, field + ".service", service);
    };
  }

  private PoolBackend pool(InferencePolicy policy, String field, PoolRef ref) {
    if (!reads.of(
        new Permission(from(policy), ref.namespace(), ref.group(), "InferencePool", ref.name()))) {
      return invalid(
          policy,
          field,
          Reason.RefNotPermitted,
          "names InferencePool " + ref
              + " in another namespace, and no ReferenceGrant there allows it");
    }
    Optional<InferencePool> pool = reads.of(new NamedPool(ref));
    return pool.isEmpty()
        ? invalid(
            policy,
            field,
            Reason.BackendNotFound,
            "names InferencePool " + ref + " (" + ref.group() + "), which does not exist")
        : ValidPool.of(pool.get(), List.of());
  }

  private PoolBackend service(InferencePolicy policy, String field, ServicePort service) {
    if (!reads.of(
        new Permission(from(policy), service.namespace(), "", "Service", service.name()))) {
      return invalid(
          policy,
          field,
          Reason.RefNotPermitted,
          "names Service " + service
              + " in another namespace, and no ReferenceGrant there allows it");
    }
    Optional<ServiceRefusal> refusal = reads.of(new NamedService(service));
    return refusal.isPresent()
        ? invalid(
            policy,
            field,
            Reason.BackendNotFound,
            "names Service " + service + ", " + refusal.get().clause())
        : new ServiceBackend(service, Optional.empty());
  }

  private static ReferenceGrant.From from(InferencePolicy policy) {
    return new ReferenceGrant.From(InferencePolicy.GROUP, InferencePolicy.KIND, policy.namespace());
  }

  private InvalidPool invalid(InferencePolicy policy, String field, Reason reason, String message) {
    Diagnostic diagnostic = new Diagnostic(reason, policy.ref(), field, message);
    diagnostics.accept(diagnostic);
    return new InvalidPool(List.of(diagnostic));
  }
}
