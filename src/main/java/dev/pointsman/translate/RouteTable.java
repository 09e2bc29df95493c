package dev.pointsman.translate;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.incremental.Reuse;
import dev.pointsman.shallow.ShallowRouteConfiguration;
import dev.pointsman.shallow.ShallowVirtualHost;
import dev.pointsman.translate.HostRoutes.HostName;
import dev.pointsman.wire.FieldReader;
import dev.pointsman.wire.MapOrder;
import dev.pointsman.wire.RawRepeatedField;
import dev.pointsman.wire.RawRepeatedField.Element;
import dev.pointsman.xds.ModelHeaderAlias;
import dev.pointsman.xds.XdsNames;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A route configuration with its relevant virtual hosts decoded.
 *
 * @param shallow the route configuration without its virtual hosts
 * @param hosts empty if it is an added one or cannot be read
 * @param header the additional header with the model's name on all of its hosts, in lower case
 */
record RouteTable(
    ByteString bytes,
    ShallowRouteConfiguration shallow,
    List<Host> hosts,
    Optional<String> header) {
  /** Sorts the maps of virtual hosts, and so of routes. */
  static final MapOrder MAPS = MapOrder.of(VirtualHost.getDescriptor());

  /**
   * A virtual host.
   *
   * @param element its bytes and their range in the route configuration
   * @param relevant its routes, if a route or a policy makes it relevant
   */
  record Host(Element element, Optional<HostRoutes> relevant) {}

  /**
   * Reads the route configurations of a translation.
   *
   * @param policies may make a virtual host relevant, whatever its routes are
   */
  static List<RouteTable> readAll(
      List<ByteString> all, GatewayPolicies policies, Reuse reuse, Diagnostics diagnostics) {
    Set<String> names = new HashSet<>();
    for (ByteString bytes : all) {
      try {
        names.add(FieldReader.name(bytes));
      } catch (InvalidProtocolBufferException _) {
        // reported below
      }
    }
    return all.stream()
        .map(bytes -> read(bytes, names, policies, reuse, diagnostics))
        .toList();
  }

  private static RouteTable read(
      ByteString bytes,
      Set<String> names,
      GatewayPolicies policies,
      Reuse reuse,
      Diagnostics diagnostics) {
    try {
      RawRepeatedField field =
          RawRepeatedField.of(bytes, ShallowRouteConfiguration.VIRTUAL_HOSTS_FIELD_NUMBER);
      ShallowRouteConfiguration shallow = ShallowRouteConfiguration.parseFrom(field.others());
      if (XdsNames.isAddedTable(shallow.getName(), names)) {
        return new RouteTable(bytes, shallow, List.of(), Optional.empty());
      }
      Optional<String> header = header(field.elements(), policies);
      List<Host> hosts = new ArrayList<>();
      for (Element host : field.elements()) {
        Element element = header.isEmpty()
            ? host
            : new Element(
                ModelHeaderAlias.usual(host.bytes(), header.get()), host.from(), host.to());
        hosts.add(host(element, shallow.getName(), policies, reuse, diagnostics));
      }
      return new RouteTable(bytes, shallow, hosts, header);
    } catch (InvalidProtocolBufferException unreadable) {
      diagnostics.unreadable("RouteConfiguration", "", unreadable);
      return new RouteTable(
          bytes, ShallowRouteConfiguration.getDefaultInstance(), List.of(), Optional.empty());
    }
  }

  /** The relevant virtual hosts of all route configurations. */
  static Stream<HostRoutes> relevantHosts(List<RouteTable> tables) {
    return tables.stream()
        .flatMap(table -> table.hosts().stream())
        .flatMap(host -> host.relevant().stream());
  }

  String name() {
    return shallow.getName();
  }

  boolean isRelevant() {
    return hosts.stream().anyMatch(host -> host.relevant().isPresent());
  }

  private static Host host(
      Element element, String table, GatewayPolicies policies, Reuse reuse, Diagnostics diagnostics)
      throws InvalidProtocolBufferException {
    HostName name = new HostName(table, FieldReader.name(element.bytes()));
    HostRoutes last = reuse.last(Places.HOSTS, name);
    if (last == null
        && !RouteGroup.RELEVANT.in(element.bytes())
        && !policies.isRelevant(withoutRoutes(element))) {
      return new Host(element, Optional.empty());
    }
    HostRoutes host = HostRoutes.read(MAPS.sorted(element.bytes()), last, reuse);
    host.groups().forEach(group -> diagnostics.addAll(group.unreadable()));
    if (!policies.isRelevant(host.shallow())
        && host.groups().stream().noneMatch(RouteGroup::isRelevant)) {
      return new Host(element, Optional.empty());
    }
    reuse.keep(Places.HOSTS, name, host, host.size());
    return new Host(element, Optional.of(host));
  }

  /**
   * The additional header, if all hosts have the same. Envoy sets and removes it for all requests of a connection manager, so
   * that it would hold for hosts of others.
   */
  private static Optional<String> header(List<Element> hosts, GatewayPolicies policies)
      throws InvalidProtocolBufferException {
    if (!policies.anyHeader()) {
      return Optional.empty();
    }
    List<ShallowVirtualHost> shallow = new ArrayList<>();
    Set<Optional<String>> headers = new HashSet<>();
    for (Element host : hosts) {
      shallow.add(withoutRoutes(host));
      headers.add(policies.models(shallow.getLast()).alias());
    }
    if (headers.size() > 1) {
      shallow.forEach(policies::refuseHeader);
    }
    return headers.size() == 1 ? headers.iterator().next() : Optional.empty();
  }

  private static ShallowVirtualHost withoutRoutes(Element host)
      throws InvalidProtocolBufferException {
    return ShallowVirtualHost.parseFrom(
        RawRepeatedField.others(host.bytes(), ShallowVirtualHost.ROUTES_FIELD_NUMBER));
  }
}
