package dev.pointsman.status;

import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.HttpRouteRules.BackendRef;
import dev.pointsman.model.PoolRef;
import dev.pointsman.model.ReferenceGrant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * An HTTPRoute and the Gateways and ListenerSets that Envoy Gateway has tried to attach it to, according to its status.
 *
 * @param object the whole HTTPRoute
 */
record AttachedRoute(Meta meta, JsonNode object, SortedMap<ParentRef, Attachment> gateways) {
  /** The prefix of Envoy Gateway's controller names in statuses. */
  private static final String CONTROLLER = "gateway.envoyproxy.io/";

  private static final Set<String> POOL_GROUPS = Set.of(PoolRef.V1, PoolRef.V1ALPHA2);

  /**
   * The result of an attachment.
   *
   * @param message the status' message if it was not accepted
   * @param refusesKind whether Envoy Gateway does not support a kind of backend
   */
  record Attachment(boolean accepted, String message, boolean refusesKind) {
    private Attachment or(Attachment other) {
      return accepted || !other.accepted ? this : other;
    }
  }

  /** Reads a route; Gateways that do not exist are dropped. */
  static AttachedRoute of(JsonNode route, Gateways gateways) {
    Meta meta = Meta.of(route);
    SortedMap<ParentRef, Attachment> attachments = new TreeMap<>();
    for (JsonNode parent : route.path("status").path("parents")) {
      ParentRef ref = ParentRef.of(parent.path("parentRef"), meta.namespace());
      if (isEnvoyGateways(parent)
          && (ref.isListenerSet() || ref.isGateway() && gateways.mayExist(ref))) {
        attachments.merge(ref, attachment(parent), Attachment::or);
      }
    }
    return new AttachedRoute(meta, route, attachments);
  }

  /** Whether Envoy Gateway wrote the entry of a status. */
  static boolean isEnvoyGateways(JsonNode entry) {
    return entry.path("controllerName").asString("").startsWith(CONTROLLER);
  }

  private static Attachment attachment(JsonNode parent) {
    Optional<JsonNode> accepted = Condition.find(parent, Condition.ACCEPTED);
    boolean isAccepted = accepted
        .filter(found -> found.path("status").asString("").equals("True"))
        .isPresent();
    boolean refusesKind = Condition.find(parent, Condition.RESOLVED_REFS)
        .filter(found -> found.path("status").asString("").equals("False"))
        .filter(found -> found.path("reason").asString("").equals("InvalidKind"))
        .isPresent();
    String message = accepted
        .map(found ->
            found.path("reason").asString("") + ", " + found.path("message").asString(""))
        .orElse("not decided yet");
    return new Attachment(isAccepted, message, refusesKind);
  }

  /** The pools that rules name as backends, if the reference is permitted. */
  Stream<BackendRef> pools(ClusterSnapshot snapshot) {
    ReferenceGrant.From from =
        new ReferenceGrant.From(ParentRef.GATEWAY_API, "HTTPRoute", meta.namespace());
    return snapshot.route(meta.namespace(), meta.name()).stream()
        .flatMap(rules -> rules.rules().stream())
        .flatMap(rule -> rule.backends().stream())
        .filter(backend -> backend.kind().equals("InferencePool"))
        .filter(backend -> snapshot.permits(
            from, backend.namespace(), backend.group(), backend.kind(), backend.name()));
  }

  /** The pools in RequestMirror filters, which Envoy Gateway rejects, as {@code namespace/name}. */
  List<String> mirrorsToPools() {
    List<String> pools = new ArrayList<>();
    for (JsonNode rule : object.path("spec").path("rules")) {
      for (JsonNode filter : rule.path("filters")) {
        JsonNode ref = filter.path("requestMirror").path("backendRef");
        if (POOL_GROUPS.contains(ref.path("group").asString(""))) {
          pools.add(ref.path("namespace").asString(meta.namespace()) + "/"
              + ref.path("name").asString(""));
        }
      }
    }
    return pools;
  }

  /** Whether a rule has that name. */
  boolean hasRule(String name) {
    return object.path("spec").path("rules").values().stream()
        .anyMatch(rule -> rule.path("name").asString("").equals(name));
  }

  @Override
  public String toString() {
    return "HTTPRoute " + meta.namespace() + "/" + meta.name();
  }
}
