package dev.pointsman.status;

import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.ClusterSnapshot.ObjectName;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.InferencePool;
import dev.pointsman.model.Parsed;
import dev.pointsman.model.PoolParser;
import dev.pointsman.model.PoolRef;
import dev.pointsman.model.PoolServing;
import dev.pointsman.model.ServicePort;
import dev.pointsman.status.AttachedRoute.Attachment;
import dev.pointsman.status.ObjectStatus.Entry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * The statuses of InferencePools: an entry for each Gateway and ListenerSet of Envoy Gateway's with an HTTPRoute that
 * leads to the pool, directly or through an InferencePolicy.
 */
final class PoolStatuses {
  /** The maximum number of routes in a message. */
  private static final int MOST_ROUTES = 5;

  private final PoolUses uses;
  private final ClusterSnapshot snapshot;

  PoolStatuses(StatusInputs inputs, PoolUses uses) {
    this.uses = uses;
    snapshot = inputs.snapshot();
  }

  ObjectStatus of(JsonNode object) {
    Meta meta = Meta.of(object);
    PoolRef ref = new PoolRef(
        object.path("apiVersion").asString("").startsWith(PoolRef.V1 + "/")
            ? PoolRef.V1
            : PoolRef.V1ALPHA2,
        meta.namespace(),
        meta.name());
    Parsed<InferencePool> pool = PoolParser.parse(object);
    Condition resolved = resolvedRefs(pool);
    SortedMap<ParentRef, List<AttachedRoute>> byGateway = new TreeMap<>();
    for (AttachedRoute route : uses.of(ref)) {
      route
          .gateways()
          .keySet()
          .forEach(gateway ->
              byGateway.computeIfAbsent(gateway, _ -> new ArrayList<>()).add(route));
    }
    List<Entry> entries = new ArrayList<>();
    Optional<Condition> ready = ready(pool);
    byGateway.forEach((gateway, routes) -> {
      List<Condition> conditions = new ArrayList<>();
      conditions.add(accepted(pool, gateway, routes));
      conditions.add(resolved);
      ready.ifPresent(conditions::add);
      entries.add(new Entry(gateway, conditions));
    });
    return new ObjectStatus(ObjectStatus.Key.of(ref), meta.generation(), entries);
  }

  private static Condition accepted(
      Parsed<InferencePool> parsed, ParentRef gateway, List<AttachedRoute> routes) {
    List<AttachedRoute> accepted =
        routes.stream().filter(route -> attachment(route, gateway).accepted()).toList();
    if (accepted.isEmpty()) {
      return Condition.notAccepted(
          "HTTPRouteNotAccepted",
          "the " + gateway.kind()
              + " has not accepted an HTTPRoute that leads to the pool; see the routes' status: "
              + refusals(routes, gateway));
    }
    if (accepted.stream().allMatch(route -> poolsAreUnknown(route, gateway))) {
      return Condition.notAccepted(
          "NotSupportedByParent",
          "Envoy Gateway does not take this kind of backend: add InferencePool's group and version to"
              + " extensionManager.backendResources in its configuration");
    }
    for (Reason reason : List.of(Reason.InvalidInferencePool, Reason.NoServingPort)) {
      List<Diagnostic> problems = problems(parsed, reason);
      if (!problems.isEmpty()) {
        return Condition.notAccepted(reason.name(), message(problems));
      }
    }
    String lead = "HTTPRoutes of the " + gateway.kind() + " lead to the pool";
    if (!(parsed
        instanceof Parsed.Valid<InferencePool>(InferencePool pool, List<Diagnostic> remarks))) {
      return Condition.accepted(lead);
    }
    String picks = pool.picker().isPresent()
        ? ""
        : "; it has no endpointPickerRef, so each request is sent to the"
            + " pod with the fewest running requests";
    String roles = message(remarks.stream()
        .filter(remark -> remark.reason() == Reason.UnknownPortRole)
        .toList());
    return Condition.accepted(lead + picks + (roles.isEmpty() ? "" : "; " + roles));
  }

  private static Attachment attachment(AttachedRoute route, ParentRef gateway) {
    return Objects.requireNonNull(route.gateways().get(gateway));
  }

  private static String refusals(List<AttachedRoute> routes, ParentRef gateway) {
    String named = routes.stream()
        .limit(MOST_ROUTES)
        .map(route -> route + " (" + attachment(route, gateway).message() + ")")
        .collect(Collectors.joining("; "));
    int more = routes.size() - MOST_ROUTES;
    return more > 0 ? named + "; and " + more + " more" : named;
  }

  /**
   * Whether Envoy Gateway rejects pools as backends. Routes with a mirror to a pool are skipped, because it is rejected
   * with the same reason.
   */
  private static boolean poolsAreUnknown(AttachedRoute route, ParentRef gateway) {
    return attachment(route, gateway).refusesKind() && route.mirrorsToPools().isEmpty();
  }

  private Condition resolvedRefs(Parsed<InferencePool> parsed) {
    List<Diagnostic> problems = problems(parsed, Reason.InvalidExtensionRef);
    if (!problems.isEmpty()) {
      return Condition.unresolved(Reason.InvalidExtensionRef.name(), message(problems));
    }
    return switch (parsed) {
      case Parsed.Valid<InferencePool>(InferencePool pool, List<Diagnostic> _) ->
        pool.picker()
            .map(picker -> picker(picker.service()))
            .orElse(Condition.resolved("the pool names no endpoint picker"));
      case Parsed.Invalid<InferencePool> _ ->
        Condition.resolved("the endpoint picker's reference is valid");
    };
  }

  /** The condition that requests can be served; empty if the pool is not valid or its pods are not known. */
  private Optional<Condition> ready(Parsed<InferencePool> parsed) {
    if (!(parsed instanceof Parsed.Valid<InferencePool>(InferencePool pool, List<Diagnostic> _))) {
      return Optional.empty();
    }
    return PoolServing.of(pool, snapshot).map(serving -> {
      String facts = Stream.concat(
              Stream.of(serving.summary()), Stream.of(message(serving.allProblems())))
          .filter(text -> !text.isEmpty())
          .collect(Collectors.joining("; "));
      return new Condition(
          Condition.READY,
          serving.isReady(),
          serving.notReady().map(Reason::name).orElse(Condition.READY),
          facts);
    });
  }

  private Condition picker(ServicePort wanted) {
    return brokenPicker(wanted)
        .map(why -> Condition.unresolved(Reason.InvalidExtensionRef.name(), why))
        .orElse(Condition.resolved("the endpoint picker is Service " + wanted));
  }

  private Optional<String> brokenPicker(ServicePort wanted) {
    ObjectName name = new ObjectName(wanted.namespace(), wanted.name());
    return snapshot
        .refusal(wanted)
        .map(why -> coded(
            why.ofPicker(),
            "the endpoint picker's Service " + name.namespace() + "/" + name.name()
                + switch (why) {
                  case NO_SERVICE ->
                    " does not exist: create it, or name another in the pool; until then the failure mode applies";
                  case EXTERNAL ->
                    " is of type ExternalName, which is not allowed: use a Service with endpoints in the cluster";
                  case NO_PORT -> " has no TCP port " + wanted.port() + known(name);
                }));
  }

  private String known(ObjectName name) {
    String ports = Optional.ofNullable(snapshot.services().get(name)).stream()
        .flatMap(service -> service.ports().stream())
        .map(port -> Integer.toString(port.port()))
        .collect(Collectors.joining(", "));
    return ports.isEmpty() ? "" : ": it has " + ports;
  }

  private static List<Diagnostic> problems(Parsed<InferencePool> parsed, Reason reason) {
    return switch (parsed) {
      case Parsed.Valid<InferencePool> _ -> List.of();
      case Parsed.Invalid<InferencePool>(List<Diagnostic> problems) ->
        problems.stream().filter(problem -> problem.reason() == reason).toList();
    };
  }

  /** A message with the code of its reason at the end. */
  static String coded(Reason reason, String message) {
    return message + " (" + reason.code() + ")";
  }

  static String message(Collection<Diagnostic> diagnostics) {
    return diagnostics.stream()
        .map(one -> coded(one.reason(), (one.field() + " " + one.message()).strip()))
        .distinct()
        .collect(Collectors.joining("; "));
  }
}
