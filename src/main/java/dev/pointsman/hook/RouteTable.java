package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.hook.Parts.Part;
import dev.pointsman.hook.Stretches.Apart;
import dev.pointsman.twins.RouteConfigurationTwin;
import dev.pointsman.twins.VirtualHostTwin;
import dev.pointsman.xds.ModelHeaderAlias;
import dev.pointsman.xds.Peek;
import dev.pointsman.xds.XdsNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A route configuration, decoded only where something in it concerns us: routes that mention a model or carry pools.
 *
 * @param twin without its virtual hosts
 * @param hosts empty when the whole is not for us
 */
record RouteTable(ByteString bytes, RouteConfigurationTwin twin, List<Host> hosts) {
  /**
   * A virtual host.
   *
   * @param part its bytes and their place in the route configuration
   * @param twin without its routes
   * @param stretches its routes; empty when none of them concerns us
   */
  record Host(Part part, VirtualHostTwin twin, List<Placed> stretches) {
    boolean concernsUs() {
      return !stretches.isEmpty();
    }
  }

  /** A stretch of routes, and where it begins in its virtual host. */
  record Placed(Stretch stretch, int from) {
    int to() {
      return from + stretch.bytes().size();
    }
  }

  /**
   * Reads a route configuration.
   *
   * @param policies may concern virtual hosts whatever their routes say
   */
  static RouteTable read(ByteString bytes, Policies policies, Memo memo, Diagnostics diagnostics) {
    try {
      Parts parts = Parts.of(bytes, RouteConfigurationTwin.VIRTUAL_HOSTS_FIELD_NUMBER);
      RouteConfigurationTwin twin = RouteConfigurationTwin.parseFrom(parts.others());
      List<Host> hosts = new ArrayList<>();
      if (!XdsNames.isOurs(twin.getName())) {
        for (Part host : parts.parts()) {
          hosts.add(host(host, twin.getName(), policies, memo, diagnostics));
        }
      }
      return new RouteTable(bytes, twin, hosts);
    } catch (InvalidProtocolBufferException unreadable) {
      diagnostics.unreadable("RouteConfiguration", "", unreadable);
      return new RouteTable(bytes, RouteConfigurationTwin.getDefaultInstance(), List.of());
    }
  }

  String name() {
    return twin.getName();
  }

  boolean concernsUs() {
    return hosts.stream().anyMatch(Host::concernsUs);
  }

  private static Host host(
      Part given, String table, Policies policies, Memo memo, Diagnostics diagnostics)
      throws InvalidProtocolBufferException {
    Part part = policies.anyOnGateways() ? withUsualHeader(given, policies) : given;
    List<Stretch> known = memo.stretches(table, Peek.name(part.bytes()));
    if (known.isEmpty() && !Stretches.OURS.in(part.bytes())) {
      VirtualHostTwin twin = withoutRoutes(part);
      if (!policies.concern(twin)) {
        return new Host(part, twin, List.of());
      }
    }
    Apart apart = Stretches.of(part.bytes(), known);
    apart.stretches().forEach(placed -> diagnostics.addAll(placed.stretch().unreadable()));
    VirtualHostTwin twin = VirtualHostTwin.parseFrom(apart.others());
    if (!policies.concern(twin)
        && apart.stretches().stream().noneMatch(placed -> placed.stretch().concernsUs())) {
      return new Host(part, twin, List.of());
    }
    memo.keep(table, twin.getName(), apart.stretches());
    return new Host(part, twin, apart.stretches());
  }

  private static Part withUsualHeader(Part host, Policies policies)
      throws InvalidProtocolBufferException {
    Optional<String> alias = policies.models(withoutRoutes(host)).alias();
    return alias.isEmpty()
        ? host
        : new Part(ModelHeaderAlias.usual(host.bytes(), alias.get()), host.from(), host.to());
  }

  private static VirtualHostTwin withoutRoutes(Part host) throws InvalidProtocolBufferException {
    return VirtualHostTwin.parseFrom(
        Parts.others(host.bytes(), VirtualHostTwin.ROUTES_FIELD_NUMBER));
  }
}
