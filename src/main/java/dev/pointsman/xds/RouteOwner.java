package dev.pointsman.xds;

import static dev.pointsman.xds.EnvoyGatewayResources.text;

import com.google.protobuf.Struct;
import dev.pointsman.model.ObjectRef;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.List;

/** Finds the HTTPRoute of a route by the metadata that Envoy Gateway sets. */
public final class RouteOwner {
  private RouteOwner() {}

  /** The HTTPRoute; the route itself if its metadata names none. */
  public static ObjectRef of(Route route) {
    List<Struct> resources = EnvoyGatewayResources.of(route.getMetadata());
    if (resources.isEmpty()) {
      return new ObjectRef("Route", "", route.getName());
    }
    Struct owner = resources.getFirst();
    return new ObjectRef(text(owner, "kind"), text(owner, "namespace"), text(owner, "name"));
  }
}
