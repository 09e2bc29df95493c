package dev.pointsman.xds;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.pointsman.model.ObjectRef;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.List;

/** Tells which HTTPRoute a route comes from, by the metadata that Envoy Gateway gives it. */
public final class RouteOwner {
  private RouteOwner() {}

  /** The HTTPRoute; the route itself when it does not say. */
  public static ObjectRef of(Route route) {
    Struct metadata = route
        .getMetadata()
        .getFilterMetadataOrDefault("envoy-gateway", Struct.getDefaultInstance());
    List<Value> resources = metadata
        .getFieldsOrDefault("resources", Value.getDefaultInstance())
        .getListValue()
        .getValuesList();
    if (resources.isEmpty()) {
      return new ObjectRef("Route", "", route.getName());
    }
    Struct owner = resources.getFirst().getStructValue();
    return new ObjectRef(text(owner, "kind"), text(owner, "namespace"), text(owner, "name"));
  }

  private static String text(Struct struct, String field) {
    return struct.getFieldsOrDefault(field, Value.getDefaultInstance()).getStringValue();
  }
}
