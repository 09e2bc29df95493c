package dev.pointsman.translate;

import static java.util.stream.Collectors.joining;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.shallow.ShallowRouteConfiguration;
import dev.pointsman.shallow.ShallowVirtualHost;
import dev.pointsman.wire.FieldReader;
import dev.pointsman.wire.RawRepeatedField;
import dev.pointsman.xds.GatewaySection;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The Gateways of a translation. Virtual hosts name theirs in their metadata, but a Gateway without routes has no virtual
 * host. Listeners have their Gateways in their names, but not with XDSNameSchemeV2, with which those of all Gateways are
 * called {@code tcp-80} and the like.
 */
public final class TranslatedGateways {
  /** {@code <namespace>/<Gateway>/<listener>}, and more for a listener of a ListenerSet. */
  private static final int LEAST_PARTS = 3;

  private TranslatedGateways() {}

  /**
   * The Gateways of a translation's listeners and virtual hosts, several if Envoy Gateway merges them. If neither names
   * one, the listeners stand for their Gateway together, as one object of the kind {@code listeners}.
   */
  public static Set<ObjectRef> of(List<ByteString> listeners, List<ByteString> routes) {
    Set<ObjectRef> gateways = new HashSet<>();
    Set<ByteString> seen = new HashSet<>();
    for (ByteString routeConfiguration : routes) {
      try {
        ofHosts(routeConfiguration, seen, gateways);
      } catch (InvalidProtocolBufferException unreadable) {
        // The reader of the route configuration reports it.
      }
    }
    Set<String> names = new TreeSet<>();
    for (ByteString listener : listeners) {
      clientsName(listener).ifPresent(names::add);
    }
    if (names.stream().allMatch(name -> parts(name).length == LEAST_PARTS)) {
      names.forEach(name -> gateways.add(new ObjectRef("Gateway", parts(name)[0], parts(name)[1])));
    }
    return gateways.isEmpty()
        ? Set.of(new ObjectRef("listeners", "", names.stream().collect(joining(", "))))
        : Set.copyOf(gateways);
  }

  private static String[] parts(String listener) {
    return listener.split("/", LEAST_PARTS);
  }

  /** The name of a listener for clients; loops and Envoy Gateway's own listeners are none. */
  private static Optional<String> clientsName(ByteString listener) {
    try {
      String name = FieldReader.name(listener);
      Address address =
          Address.parseFrom(FieldReader.message(listener, Listener.ADDRESS_FIELD_NUMBER));
      return address.hasPipe() || name.startsWith("envoy-gateway-proxy-")
          ? Optional.empty()
          : Optional.of(name);
    } catch (InvalidProtocolBufferException unreadable) {
      return Optional.empty(); // The reader of the listener reports it.
    }
  }

  /** Each metadata is decoded once: there is one for each listener, and a virtual host for each hostname. */
  private static void ofHosts(
      ByteString routeConfiguration, Set<ByteString> seen, Set<ObjectRef> gateways)
      throws InvalidProtocolBufferException {
    RawRepeatedField hosts = RawRepeatedField.of(
        routeConfiguration, ShallowRouteConfiguration.VIRTUAL_HOSTS_FIELD_NUMBER);
    for (RawRepeatedField.Element host : hosts.elements()) {
      if (seen.add(FieldReader.message(host.bytes(), VirtualHost.METADATA_FIELD_NUMBER))) {
        GatewaySection.of(ShallowVirtualHost.parseFrom(
                RawRepeatedField.others(host.bytes(), ShallowVirtualHost.ROUTES_FIELD_NUMBER)))
            .ifPresent(section ->
                gateways.add(new ObjectRef("Gateway", section.namespace(), section.name())));
      }
    }
  }
}
