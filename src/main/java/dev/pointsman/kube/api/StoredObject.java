package dev.pointsman.kube.api;

import dev.pointsman.kube.AdapterMapParser;
import dev.pointsman.kube.Addresses;
import dev.pointsman.kube.CertificatesParser;
import dev.pointsman.kube.EndpointSliceParser;
import dev.pointsman.kube.HttpRouteParser;
import dev.pointsman.kube.InferenceModelParser;
import dev.pointsman.kube.PodParser;
import dev.pointsman.kube.ReferenceGrantParser;
import dev.pointsman.kube.ServiceParser;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Parsed;
import dev.pointsman.model.PolicyParser;
import dev.pointsman.model.PoolParser;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The stored part of one object.
 *
 * @param value the part that snapshots need; empty when snapshots do not need the object or it is invalid
 * @param diagnostics the diagnostics about the object
 * @param whole the object itself, for the kinds that {@link WatchedObjects} returns
 */
record StoredObject(Optional<?> value, List<Diagnostic> diagnostics, Optional<JsonNode> whole) {
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  /**
   * Reduces an object to its stored part.
   *
   * @param object the object from the API server; it is modified
   */
  static StoredObject of(Query query, ObjectNode object) {
    Optional<JsonNode> whole =
        query.kind().isKeptWhole() ? Optional.of(slim(object)) : Optional.empty();
    if (query.kind() == Kind.GATEWAY) {
      return new StoredObject(Optional.empty(), List.of(), whole);
    }
    return switch (parse(query, object)) {
      case Parsed.Valid<?>(Object value, List<Diagnostic> remarks) ->
        new StoredObject(Optional.of(value), remarks, whole);
      case Parsed.Invalid<?>(List<Diagnostic> problems) ->
        new StoredObject(Optional.empty(), problems, whole);
    };
  }

  private static Parsed<?> parse(Query query, JsonNode object) {
    return switch (query.kind()) {
      case POOL, ALPHA_POOL -> PoolParser.parse(object);
      case INFERENCE_MODEL -> InferenceModelParser.parse(object);
      case POLICY -> PolicyParser.parse(object);
      case HTTP_ROUTE -> HttpRouteParser.parse(object);
      case REFERENCE_GRANT -> ReferenceGrantParser.parse(object);
      case SERVICE -> ServiceParser.parse(object);
      case ENDPOINT_SLICE -> EndpointSliceParser.parse(object, Addresses.OF_A_CLUSTER);
      case POD -> PodParser.parse(object, Addresses.OF_A_CLUSTER);
      case CONFIG_MAP, SECRET ->
        query.selection() instanceof Query.Selection.WithName(String _, boolean withKey)
            ? CertificatesParser.parse(object, withKey)
            : AdapterMapParser.parse(object);
      case GATEWAY -> throw new IllegalArgumentException("nothing is read of " + query.kind());
    };
  }

  /** Removes large metadata that no status depends on. */
  private static ObjectNode slim(ObjectNode object) {
    if (object.path("metadata") instanceof ObjectNode metadata) {
      metadata.remove("managedFields");
      if (metadata.path("annotations") instanceof ObjectNode annotations) {
        annotations.remove(LAST_APPLIED);
      }
    }
    return object;
  }
}
