package dev.pointsman.eds;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.pointsman.model.PoolRef;
import dev.pointsman.xds.SubsetResource;
import dev.pointsman.xds.XdsNames;
import io.envoyproxy.envoy.config.core.v3.Metadata;

/**
 * The pool of an endpoint, where Envoy Gateway's runtime flag {@code LbEndpointMetadata} puts the backend of its own
 * endpoints. Access logs read it as {@code %METADATA(UPSTREAM_HOST:envoy-gateway:backend:name)%}.
 */
final class BackendMetadata {
  private BackendMetadata() {}

  /** The metadata of the endpoints of an EDS resource; empty for endpoint pickers, which serve no request. */
  static Metadata of(String resource) {
    return SubsetResource.parse(resource)
        .map(subset -> subset.pools().getFirst())
        .or(() -> XdsNames.poolOfEndpoints(resource))
        .map(BackendMetadata::of)
        .orElse(Metadata.getDefaultInstance());
  }

  private static Metadata of(PoolRef pool) {
    Struct backend = Struct.newBuilder()
        .putFields("kind", text("InferencePool"))
        .putFields("name", text(pool.name()))
        .putFields("namespace", text(pool.namespace()))
        .build();
    Struct envoyGateway = Struct.newBuilder()
        .putFields("backend", Value.newBuilder().setStructValue(backend).build())
        .build();
    return Metadata.newBuilder()
        .putFilterMetadata("envoy-gateway", envoyGateway)
        .build();
  }

  private static Value text(String value) {
    return Value.newBuilder().setStringValue(value).build();
  }
}
