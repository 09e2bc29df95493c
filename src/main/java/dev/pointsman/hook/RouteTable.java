package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import dev.pointsman.twins.RouteConfigurationTwin;
import dev.pointsman.twins.VirtualHostTwin;
import dev.pointsman.xds.InBand;
import dev.pointsman.xds.Mention;
import dev.pointsman.xds.RouteFacts;
import dev.pointsman.xds.XdsNames;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A route configuration, decoded only where something in it concerns us: routes that mention a model or carry pools.
 *
 * @param hosts empty when the whole is not for us
 */
record RouteTable(ByteString bytes, RouteConfigurationTwin twin, List<Host> hosts) {
  private static final Mention OURS =
      new Mention(InBand.NAMESPACE, XdsNames.MODEL_HEADER, XdsNames.BASE_MODEL_HEADER);

  /**
   * A virtual host.
   *
   * @param routes empty when none of them concerns us
   */
  record Host(ByteString bytes, VirtualHostTwin twin, List<Entry> routes) {
    boolean concernsUs() {
      return !routes.isEmpty();
    }
  }

  /** A route: its bytes, and what they say where that concerns us. */
  record Entry(ByteString bytes, Optional<RouteFacts> facts) {}

  /**
   * Reads a route configuration.
   *
   * @param always virtual hosts that concern us whatever their routes say
   */
  static RouteTable read(
      ByteString bytes, Predicate<VirtualHostTwin> always, Memo memo, Diagnostics diagnostics) {
    try {
      RouteConfigurationTwin twin = aliased(bytes, RouteConfigurationTwin.parser());
      List<Host> hosts = new ArrayList<>();
      if (!XdsNames.isOurs(twin.getName())) {
        for (ByteString host : twin.getVirtualHostsList()) {
          hosts.add(host(host, always, memo, diagnostics));
        }
      }
      return new RouteTable(bytes, twin, List.copyOf(hosts));
    } catch (IOException unreadable) {
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
      ByteString bytes, Predicate<VirtualHostTwin> always, Memo memo, Diagnostics diagnostics)
      throws IOException {
    VirtualHostTwin twin = aliased(bytes, VirtualHostTwin.parser());
    List<Entry> entries = new ArrayList<>(twin.getRoutesCount());
    boolean concernsUs = always.test(twin);
    for (ByteString route : twin.getRoutesList()) {
      Entry entry = entry(route, memo, diagnostics);
      entries.add(entry);
      concernsUs |= entry.facts().isPresent();
    }
    return new Host(bytes, twin, concernsUs ? List.copyOf(entries) : List.of());
  }

  private static Entry entry(ByteString bytes, Memo memo, Diagnostics diagnostics) {
    if (!OURS.in(bytes)) {
      return new Entry(bytes, Optional.empty());
    }
    try {
      RouteFacts facts = memo.facts(bytes);
      boolean concernsUs = facts.asksForModel()
          || facts.isPreflight()
          || !facts.pools().isEmpty()
          || !facts.policies().isEmpty();
      return new Entry(bytes, concernsUs ? Optional.of(facts) : Optional.empty());
    } catch (InvalidProtocolBufferException | IllegalArgumentException unreadable) {
      diagnostics.unreadable("Route", "", unreadable);
      return new Entry(bytes, Optional.empty());
    }
  }

  /** Parses without copying the bytes of its resources. */
  private static <T> T aliased(ByteString bytes, Parser<T> parser) throws IOException {
    CodedInputStream input = bytes.newCodedInput();
    input.enableAliasing(true);
    return parser.parseFrom(input);
  }
}
