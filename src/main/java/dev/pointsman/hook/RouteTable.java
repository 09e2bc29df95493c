package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.hook.Parts.Part;
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
   * @param known what it says, where that concerns us
   */
  record Host(Part part, Optional<KnownHost> known) {}

  /**
   * Reads a route configuration.
   *
   * @param policies may concern virtual hosts whatever their routes say
   */
  static RouteTable read(
      ByteString bytes, GatewayPolicies policies, Memo memo, Diagnostics diagnostics) {
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
    return hosts.stream().anyMatch(host -> host.known().isPresent());
  }

  private static Host host(
      Part given, String table, GatewayPolicies policies, Memo memo, Diagnostics diagnostics)
      throws InvalidProtocolBufferException {
    Part part = policies.any() ? withUsualHeader(given, policies) : given;
    Optional<KnownHost> last = memo.host(table, Peek.name(part.bytes()));
    if (last.isEmpty()
        && !Stretches.OURS.in(part.bytes())
        && !policies.concern(withoutRoutes(part))) {
      return new Host(part, Optional.empty());
    }
    KnownHost host = KnownHost.of(part.bytes(), last);
    host.stretches().forEach(stretch -> diagnostics.addAll(stretch.unreadable()));
    if (!policies.concern(host.twin())
        && host.stretches().stream().noneMatch(Stretch::concernsUs)) {
      return new Host(part, Optional.empty());
    }
    memo.keep(table, host);
    return new Host(part, Optional.of(host));
  }

  private static Part withUsualHeader(Part host, GatewayPolicies policies)
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
