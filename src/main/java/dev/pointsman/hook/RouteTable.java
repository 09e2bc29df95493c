package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.plan.PoolBackend;
import dev.pointsman.twins.RouteConfigurationTwin;
import dev.pointsman.twins.VirtualHostTwin;
import dev.pointsman.xds.InBand;
import dev.pointsman.xds.Mention;
import dev.pointsman.xds.XdsNames;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A route configuration, decoded only where something in it concerns us: virtual hosts and routes that mention a model
 * or carry pools.
 *
 * @param hosts empty when nothing concerns us
 */
record RouteTable(ByteString bytes, RouteConfigurationTwin twin, List<Host> hosts) {
  private static final Mention POOLS = new Mention(InBand.NAMESPACE);
  private static final Mention MODEL = new Mention(XdsNames.MODEL_HEADER);

  /**
   * A virtual host.
   *
   * @param twin absent when nothing in it concerns us
   */
  record Host(ByteString bytes, Optional<VirtualHostTwin> twin, List<Entry> entries) {}

  /** A route: its bytes, and what they say where that concerns us. */
  record Entry(ByteString bytes, Optional<Route> route, List<PoolBackend> pools) {}

  static RouteTable read(ByteString bytes, TranslationHook.Diagnostics diagnostics) {
    if (!isMentionedIn(bytes)) {
      return opaque(bytes);
    }
    try {
      RouteConfigurationTwin twin = RouteConfigurationTwin.parseFrom(bytes);
      if (XdsNames.isOurs(twin.getName())) {
        return opaque(bytes);
      }
      List<Host> hosts = new ArrayList<>();
      for (ByteString host : twin.getVirtualHostsList()) {
        hosts.add(host(host, diagnostics));
      }
      return new RouteTable(bytes, twin, List.copyOf(hosts));
    } catch (InvalidProtocolBufferException unreadable) {
      diagnostics.unreadable("RouteConfiguration", "", unreadable);
      return opaque(bytes);
    }
  }

  String name() {
    return twin.getName();
  }

  boolean concernsUs() {
    return hosts.stream().anyMatch(host -> host.twin().isPresent());
  }

  private static RouteTable opaque(ByteString bytes) {
    return new RouteTable(bytes, RouteConfigurationTwin.getDefaultInstance(), List.of());
  }

  private static Host host(ByteString bytes, TranslationHook.Diagnostics diagnostics) {
    if (!isMentionedIn(bytes)) {
      return new Host(bytes, Optional.empty(), List.of());
    }
    try {
      VirtualHostTwin twin = VirtualHostTwin.parseFrom(bytes);
      List<Entry> entries = new ArrayList<>();
      for (ByteString route : twin.getRoutesList()) {
        entries.add(entry(route, diagnostics));
      }
      return new Host(bytes, Optional.of(twin), List.copyOf(entries));
    } catch (InvalidProtocolBufferException unreadable) {
      diagnostics.unreadable("VirtualHost", "", unreadable);
      return new Host(bytes, Optional.empty(), List.of());
    }
  }

  private static Entry entry(ByteString bytes, TranslationHook.Diagnostics diagnostics) {
    if (!isMentionedIn(bytes)) {
      return new Entry(bytes, Optional.empty(), List.of());
    }
    try {
      Route route = Route.parseFrom(bytes);
      return new Entry(bytes, Optional.of(route), InBand.pools(route));
    } catch (InvalidProtocolBufferException | IllegalArgumentException unreadable) {
      diagnostics.unreadable("Route", "", unreadable);
      return new Entry(bytes, Optional.empty(), List.of());
    }
  }

  private static boolean isMentionedIn(ByteString bytes) {
    return POOLS.in(bytes) || MODEL.in(bytes);
  }
}
