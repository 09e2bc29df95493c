package dev.pointsman.xds;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import java.util.List;

/** The Kubernetes objects of an Envoy Gateway resource, from its metadata. */
final class EnvoyGatewayResources {
  private EnvoyGatewayResources() {}

  /** The objects, each with {@code kind}, {@code namespace}, {@code name} and, for some, {@code sectionName}. */
  static List<Struct> of(Metadata metadata) {
    return metadata
        .getFilterMetadataOrDefault("envoy-gateway", Struct.getDefaultInstance())
        .getFieldsOrDefault("resources", Value.getDefaultInstance())
        .getListValue()
        .getValuesList()
        .stream()
        .map(Value::getStructValue)
        .toList();
  }

  /** The text of a field; empty if the object has no such field. */
  static String text(Struct resource, String field) {
    return resource.getFieldsOrDefault(field, Value.getDefaultInstance()).getStringValue();
  }
}
