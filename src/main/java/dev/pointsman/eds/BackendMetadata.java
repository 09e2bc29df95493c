package dev.pointsman.eds;

import dev.pointsman.model.PoolRef;
import dev.pointsman.xds.EdsNames;
import dev.pointsman.xds.Structs;
import dev.pointsman.xds.SubsetResource;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import java.util.Optional;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The pool of an endpoint, where Envoy Gateway's runtime flag {@code LbEndpointMetadata} puts the backend of its own
 * endpoints. Access logs read it as {@code %METADATA(UPSTREAM_HOST:envoy-gateway:backend:name)%}.
 */
final class BackendMetadata {
  private BackendMetadata() {}

  /** The metadata of the endpoints of an EDS resource; empty for endpoint pickers, which serve no request. */
  static Optional<Metadata> of(String resource) {
    return SubsetResource.parse(resource)
        .map(subset -> subset.pools().getFirst())
        .or(() -> EdsNames.pool(resource))
        .map(BackendMetadata::of);
  }

  private static Metadata of(PoolRef pool) {
    ObjectNode envoyGateway = JsonNodeFactory.instance.objectNode();
    envoyGateway
        .putObject("backend")
        .put("kind", "InferencePool")
        .put("name", pool.name())
        .put("namespace", pool.namespace());
    return Metadata.newBuilder()
        .putFilterMetadata("envoy-gateway", Structs.of(envoyGateway))
        .build();
  }
}
