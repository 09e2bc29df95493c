package dev.pointsman.status;

import dev.pointsman.model.ClusterSnapshot.ObjectName;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.model.PoolParser;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The desired statuses of InferencePools and InferencePolicies, and Events for problems of objects without a status of
 * ours.
 *
 * @param diagnostics those that no translation has: Envoy Gateway does not send an object that it has no use for
 */
public record StatusPlan(
    List<ObjectStatus> statuses, List<WarningEvent> events, List<Diagnostic> diagnostics) {
  public StatusPlan {
    statuses = List.copyOf(statuses);
    events = List.copyOf(events);
    diagnostics = List.copyOf(diagnostics);
  }

  /** A plan without diagnostics. */
  public StatusPlan(List<ObjectStatus> statuses, List<WarningEvent> events) {
    this(statuses, events, List.of());
  }

  /** Computes the plan for these objects. */
  public static StatusPlan of(StatusInputs inputs) {
    Gateways gateways = new Gateways(inputs);
    List<AttachedRoute> attached = inputs.routes().stream()
        .map(route -> AttachedRoute.of(route, gateways))
        .sorted(Comparator.comparing(AttachedRoute::toString)) // the order in messages
        .toList();
    gateways.add(attached);
    Map<ObjectName, AttachedRoute> routes = new LinkedHashMap<>();
    PoolUses uses = new PoolUses(inputs.snapshot());
    for (AttachedRoute route : attached) {
      routes.put(route.meta().objectName(), route);
      uses.add(route);
    }
    PolicyStatuses policies = new PolicyStatuses(inputs, gateways, routes);
    policies.addTo(uses);

    List<ObjectStatus> statuses = new ArrayList<>();
    List<WarningEvent> events = new ArrayList<>();
    PoolStatuses pools = new PoolStatuses(inputs, uses);
    for (JsonNode pool : inputs.pools()) {
      if (PoolParser.isPool(pool)) {
        ObjectStatus status = pools.of(pool);
        statuses.add(status);
        brokenPicker(pool, status, events);
      }
    }
    statuses.addAll(policies.all());
    List<Diagnostic> diagnostics = new ArrayList<>(policies.missingTargets());
    attached.forEach(route -> mirrors(route, events, diagnostics));
    return new StatusPlan(statuses, events, diagnostics);
  }

  private static void brokenPicker(JsonNode pool, ObjectStatus status, List<WarningEvent> events) {
    status.entries().stream()
        .flatMap(entry -> entry.conditions().stream())
        .filter(one -> one.type().equals(Condition.RESOLVED_REFS) && !one.holds())
        .findFirst()
        .ifPresent(broken -> events.add(event(pool, broken.reason(), broken.message())));
  }

  private static void mirrors(
      AttachedRoute route, List<WarningEvent> events, List<Diagnostic> diagnostics) {
    List<String> pools = route.mirrorsToPools();
    if (!pools.isEmpty() && !route.gateways().isEmpty()) {
      Diagnostic rejected = new Diagnostic(
          Reason.MirrorToInferencePool,
          new ObjectRef("HTTPRoute", route.meta().namespace(), route.meta().name()),
          "",
          "Envoy Gateway rejects a RequestMirror filter that names an InferencePool ("
              + String.join(", ", pools)
              + ") and answers the whole rule with 500: remove the filter and name the pool in spec.mirrors of an"
              + " InferencePolicy on this HTTPRoute");
      diagnostics.add(rejected);
      events.add(
          event(route.object(), rejected.reason().name(), PoolStatuses.message(List.of(rejected))));
    }
  }

  private static WarningEvent event(JsonNode object, String reason, String note) {
    Meta meta = Meta.of(object);
    return new WarningEvent(
        object.path("apiVersion").asString(""),
        object.path("kind").asString(""),
        meta.namespace(),
        meta.name(),
        meta.uid(),
        meta.generation(),
        reason,
        note);
  }
}
