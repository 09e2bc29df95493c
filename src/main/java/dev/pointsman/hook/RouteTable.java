package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.hook.Memo.KnownRoute;
import dev.pointsman.hook.Parts.Part;
import dev.pointsman.twins.RouteConfigurationTwin;
import dev.pointsman.twins.VirtualHostTwin;
import dev.pointsman.xds.InBand;
import dev.pointsman.xds.Mention;
import dev.pointsman.xds.ModelHeaderAlias;
import dev.pointsman.xds.RouteFacts;
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
  private static final Mention OURS =
      new Mention(InBand.NAMESPACE, XdsNames.MODEL_HEADER, XdsNames.BASE_MODEL_HEADER);

  /**
   * A virtual host.
   *
   * @param part its bytes and their place in the route configuration
   * @param twin without its routes
   * @param before the first routes, tags included, as far as no request for a model can meet them
   * @param routes the others; empty when none of them concerns us
   */
  record Host(Part part, VirtualHostTwin twin, ByteString before, List<Entry> routes) {
    boolean concernsUs() {
      return !routes.isEmpty();
    }
  }

  /**
   * A route.
   *
   * @param part its bytes and their place in the virtual host
   * @param known what they say, where that concerns us
   */
  record Entry(Part part, Optional<KnownRoute> known) {
    Optional<RouteFacts> facts() {
      return known.map(KnownRoute::facts);
    }
  }

  /**
   * Reads a route configuration.
   *
   * @param policies may concern virtual hosts whatever their routes say
   */
  static RouteTable read(ByteString bytes, Policies policies, Memo memo, Diagnostics diagnostics) {
    try {
      Parts parts = Parts.of(bytes, RouteConfigurationTwin.VIRTUAL_HOSTS_FIELD_NUMBER, 0);
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
    Part part = given;
    Parts parts = fromFirstMention(part.bytes());
    VirtualHostTwin twin = VirtualHostTwin.parseFrom(parts.others());
    Optional<String> alias = policies.models(twin).alias();
    if (alias.isPresent()) {
      part = new Part(ModelHeaderAlias.usual(given.bytes(), alias.get()), given.from(), given.to());
      parts = fromFirstMention(part.bytes());
    }
    boolean concernsUs = policies.concern(twin);
    if (concernsUs) {
      parts = Parts.of(part.bytes(), VirtualHostTwin.ROUTES_FIELD_NUMBER, 0);
    }
    List<Entry> entries = new ArrayList<>(parts.parts().size());
    for (Part route : parts.parts()) {
      Entry entry = entry(route, table, memo, diagnostics);
      entries.add(entry);
      concernsUs |= entry.known().isPresent();
    }
    return new Host(part, twin, parts.before(), concernsUs ? entries : List.of());
  }

  private static Parts fromFirstMention(ByteString host) throws InvalidProtocolBufferException {
    int first = OURS.first(host);
    return Parts.of(host, VirtualHostTwin.ROUTES_FIELD_NUMBER, first < 0 ? host.size() : first);
  }

  private static Entry entry(Part part, String table, Memo memo, Diagnostics diagnostics) {
    if (!OURS.in(part.bytes())) {
      return new Entry(part, Optional.empty());
    }
    try {
      KnownRoute known = memo.route(table, part.bytes());
      return new Entry(part, known.facts().concernUs() ? Optional.of(known) : Optional.empty());
    } catch (InvalidProtocolBufferException | IllegalArgumentException unreadable) {
      diagnostics.unreadable("Route", "", unreadable);
      return new Entry(part, Optional.empty());
    }
  }
}
