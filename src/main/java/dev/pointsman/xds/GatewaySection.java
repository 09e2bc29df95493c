package dev.pointsman.xds;

import static dev.pointsman.xds.EnvoyGatewayResources.text;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import dev.pointsman.shallow.ShallowVirtualHost;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.List;
import java.util.Optional;

/**
 * The Gateway and listener of a virtual host, from the metadata that Envoy Gateway sets.
 *
 * @param listener of the Gateway itself; empty for a listener of a ListenerSet
 */
public record GatewaySection(String namespace, String name, String listener) {
  /** {@code <namespace>/<Gateway>/<ListenerSet's namespace>/<ListenerSet>/<listener>/<host>}. */
  private static final int PARTS_FOR_LISTENER_SET = 6;

  /**
   * The section of a host; empty if its metadata names none.
   *
   * @throws InvalidProtocolBufferException if the host cannot be read
   */
  public static Optional<GatewaySection> of(ShallowVirtualHost host)
      throws InvalidProtocolBufferException {
    return of(VirtualHost.parseFrom(host.toBuilder().clearRoutes().build().toByteString()));
  }

  /** The section of a host; empty if its metadata names none. */
  public static Optional<GatewaySection> of(VirtualHost host) {
    return EnvoyGatewayResources.of(host.getMetadata()).stream()
        .filter(GatewaySection::isGateway)
        .map(resource -> new GatewaySection(
            text(resource, "namespace"),
            text(resource, "name"),
            isOfListenerSet(host) ? "" : text(resource, "sectionName")))
        .findFirst();
  }

  /**
   * The metadata names the Gateway in both cases. With XDSNameSchemeV2 the name is only the host, and always counts as
   * a Gateway's.
   */
  private static boolean isOfListenerSet(VirtualHost host) {
    return host.getName().split("/", -1).length == PARTS_FOR_LISTENER_SET;
  }

  /** Envoy Gateway leaves the kind empty if its source of objects does, such as the source for files. */
  private static boolean isGateway(Struct resource) {
    return List.of("Gateway", "").contains(text(resource, "kind"));
  }
}
