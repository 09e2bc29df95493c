package dev.pointsman.bench;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Metadata;

/** The metadata that Envoy Gateway gives to what it makes. */
final class EnvoyGatewayMetadata {
  private EnvoyGatewayMetadata() {}

  static Metadata of(String kind, String name) {
    Struct resource = Struct.newBuilder()
        .putFields("kind", text(kind))
        .putFields("name", text(name))
        .putFields("namespace", text("default"))
        .build();
    Value resources = Value.newBuilder()
        .setListValue(ListValue.newBuilder().addValues(Value.newBuilder().setStructValue(resource)))
        .build();
    return Metadata.newBuilder()
        .putFilterMetadata(
            "envoy-gateway",
            Struct.newBuilder().putFields("resources", resources).build())
        .build();
  }

  private static Value text(String value) {
    return Value.newBuilder().setStringValue(value).build();
  }
}
