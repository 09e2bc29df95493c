package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.hook.RawRepeatedField.Element;
import dev.pointsman.shallow.ShallowRouteConfiguration;
import dev.pointsman.shallow.ShallowVirtualHost;
import dev.pointsman.xds.FieldReader;
import dev.pointsman.xds.ModelHeaderAlias;
import dev.pointsman.xds.XdsNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A route configuration, decoded only where something in it concerns us: routes that mention a model or carry pools.
 *
 * @param shallow without its virtual hosts
 * @param hosts empty when the whole is not for us
 */
record RouteTable(ByteString bytes, ShallowRouteConfiguration shallow, List<Host> hosts) {
  /**
   * A virtual host.
   *
   * @param part its bytes and their place in the route configuration
   * @param known what it says, where that concerns us
   */
  record Host(Element part, Optional<CachedVirtualHost> known) {}

  /**
   * Reads a route configuration.
   *
   * @param policies may isRelevant virtual hosts whatever their routes say
   */
  static RouteTable read(
      ByteString bytes,
      GatewayPolicies policies,
      CachedTranslation cached,
      Diagnostics diagnostics) {
    try {
      RawRepeatedField parts =
          RawRepeatedField.of(bytes, ShallowRouteConfiguration.VIRTUAL_HOSTS_FIELD_NUMBER);
      ShallowRouteConfiguration shallow = ShallowRouteConfiguration.parseFrom(parts.others());
      List<Host> hosts = new ArrayList<>();
      if (!XdsNames.isOurs(shallow.getName())) {
        for (Element host : parts.parts()) {
          hosts.add(host(host, shallow.getName(), policies, cached, diagnostics));
        }
      }
      return new RouteTable(bytes, shallow, hosts);
    } catch (InvalidProtocolBufferException unreadable) {
      diagnostics.unreadable("RouteConfiguration", "", unreadable);
      return new RouteTable(bytes, ShallowRouteConfiguration.getDefaultInstance(), List.of());
    }
  }

  String name() {
    return shallow.getName();
  }

  boolean isRelevant() {
    return hosts.stream().anyMatch(host -> host.known().isPresent());
  }

  private static Host host(
      Element given,
      String table,
      GatewayPolicies policies,
      CachedTranslation cached,
      Diagnostics diagnostics)
      throws InvalidProtocolBufferException {
    Element part = policies.any() ? withUsualHeader(given, policies) : given;
    Optional<CachedVirtualHost> last = cached.host(table, FieldReader.name(part.bytes()));
    if (last.isEmpty()
        && !RouteChunker.OURS.in(part.bytes())
        && !policies.isRelevant(withoutRoutes(part))) {
      return new Host(part, Optional.empty());
    }
    CachedVirtualHost host = CachedVirtualHost.of(part.bytes(), last);
    host.chunks().forEach(chunk -> diagnostics.addAll(chunk.unreadable()));
    if (!policies.isRelevant(host.shallow())
        && host.chunks().stream().noneMatch(RouteChunk::isRelevant)) {
      return new Host(part, Optional.empty());
    }
    cached.keep(table, host);
    return new Host(part, Optional.of(host));
  }

  private static Element withUsualHeader(Element host, GatewayPolicies policies)
      throws InvalidProtocolBufferException {
    Optional<String> alias = policies.models(withoutRoutes(host)).alias();
    return alias.isEmpty()
        ? host
        : new Element(ModelHeaderAlias.usual(host.bytes(), alias.get()), host.from(), host.to());
  }

  private static ShallowVirtualHost withoutRoutes(Element host)
      throws InvalidProtocolBufferException {
    return ShallowVirtualHost.parseFrom(
        RawRepeatedField.others(host.bytes(), ShallowVirtualHost.ROUTES_FIELD_NUMBER));
  }
}
