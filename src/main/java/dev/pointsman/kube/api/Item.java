package dev.pointsman.kube.api;

import dev.pointsman.kube.AdapterMapParser;
import dev.pointsman.kube.Addresses;
import dev.pointsman.kube.CaCertificateParser;
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
 * What we keep of one object.
 *
 * @param value what a snapshot needs of it; empty when there is nothing or it cannot be used
 * @param said what there is to say about it
 * @param whole the object itself, of the kinds that {@link WatchedObjects} gives
 */
record Item(Optional<?> value, List<Diagnostic> said, Optional<JsonNode> whole) {
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  /**
   * Cuts an object down to that.
   *
   * @param object as the API server gave it; it is changed
   */
  static Item of(Query query, ObjectNode object) {
    Optional<JsonNode> whole =
        query.kind().isKeptWhole() ? Optional.of(slim(object)) : Optional.empty();
    if (query.kind() == Kind.GATEWAY) {
      return new Item(Optional.empty(), List.of(), whole);
    }
    return switch (parse(query, object)) {
      case Parsed.Valid<?>(Object value, List<Diagnostic> remarks) ->
        new Item(Optional.of(value), remarks, whole);
      case Parsed.Invalid<?>(List<Diagnostic> problems) ->
        new Item(Optional.empty(), problems, whole);
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
        query.selection() instanceof Query.Selection.Named
            ? CaCertificateParser.parse(object)
            : AdapterMapParser.parse(object);
      case GATEWAY -> throw new IllegalArgumentException("nothing is read of " + query.kind());
    };
  }

  /** Without what is large and says nothing about the object. */
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
