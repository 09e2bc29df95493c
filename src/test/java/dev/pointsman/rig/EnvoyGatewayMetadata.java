package dev.pointsman.rig;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.pointsman.model.ObjectRef;
import io.envoyproxy.envoy.config.core.v3.Metadata;

/** The metadata of a resource in which Envoy Gateway names its Kubernetes object. */
public final class EnvoyGatewayMetadata {
  private EnvoyGatewayMetadata() {}

  /** The metadata for an object. */
  public static Metadata of(ObjectRef object) {
    return of(object, "");
  }

  /**
   * The metadata for a part of an object.
   *
   * @param sectionName a rule's or a listener's name; empty for the whole object
   */
  public static Metadata of(ObjectRef object, String sectionName) {
    Struct.Builder resource = Struct.newBuilder()
        .putFields("kind", text(object.kind()))
        .putFields("namespace", text(object.namespace()))
        .putFields("name", text(object.name()));
    if (!sectionName.isEmpty()) {
      resource.putFields("sectionName", text(sectionName));
    }
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
