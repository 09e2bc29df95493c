package dev.pointsman.translate;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.incremental.Chunk;
import dev.pointsman.incremental.Chunker;
import dev.pointsman.incremental.Memo;
import dev.pointsman.incremental.Reuse;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.shallow.ShallowVirtualHost;
import dev.pointsman.translate.RouteGroup.RewrittenGroup;
import dev.pointsman.wire.MessageSplicer;
import dev.pointsman.xds.HostChange;
import dev.pointsman.xds.PlannedRoutes;
import dev.pointsman.xds.Precedence;
import dev.pointsman.xds.VirtualHosts;
import dev.pointsman.xds.VirtualHosts.Arrangement;
import dev.pointsman.xds.VirtualHosts.Item;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A virtual host with relevant routes, or with a policy of its own. */
final class HostRoutes {
  private final ShallowVirtualHost shallow;
  private final List<Chunk<RouteGroup>> chunks;
  private final List<RouteGroup> groups;
  private final Memo<PlannedHost, VirtualHosts> settings;
  private final Memo<HostInputs, RewrittenHost> rewritten;

  /** Names a virtual host of a Gateway. */
  record HostName(String routeConfiguration, String host) {}

  /**
   * The planned routes, and the settings that they share.
   *
   * @param routes of each group
   */
  record PlannedHost(List<PlannedRoutes> routes, VirtualHosts.HostSettings setting) {}

  /** All inputs of a rewritten host: the ages of HTTPRoutes decide between those that cannot both be served. */
  record HostInputs(PlannedHost setting, Precedence precedence) {}

  /**
   * A rewritten virtual host.
   *
   * @param host its bytes
   * @param loop a virtual host with the copies for large bodies only
   * @param answers whether an added route targets the cluster of counted answers
   */
  record RewrittenHost(
      ByteString host, ByteString loop, boolean answers, List<Diagnostic> diagnostics) {}

  private HostRoutes(ShallowVirtualHost shallow, List<Chunk<RouteGroup>> chunks, Reuse reuse) {
    this.shallow = shallow;
    this.chunks = chunks;
    groups = chunks.stream().map(Chunk::content).toList();
    settings = reuse.memo(Places.HOST_SETTINGS);
    rewritten = reuse.memo(Places.REWRITTEN_HOSTS);
  }

  /**
   * Reads a virtual host.
   *
   * @param last the host of the last translation, which is returned if it is the same
   * @throws InvalidProtocolBufferException if the bytes are no virtual host
   */
  static HostRoutes read(ByteString bytes, @Nullable HostRoutes last, Reuse reuse)
      throws InvalidProtocolBufferException {
    Chunker.SplitMessage<RouteGroup> split = Chunker.split(
        bytes,
        ShallowVirtualHost.ROUTES_FIELD_NUMBER,
        last == null ? List.of() : last.chunks,
        (group, routes, replaced) -> RouteGroup.read(group, routes, replaced, reuse));
    ShallowVirtualHost shallow = ShallowVirtualHost.parseFrom(split.others());
    return last != null && last.shallow.equals(shallow) && last.chunks.equals(split.chunks())
        ? last
        : new HostRoutes(shallow, split.chunks(), reuse);
  }

  /** The virtual host without its routes. */
  ShallowVirtualHost shallow() {
    return shallow;
  }

  List<RouteGroup> groups() {
    return groups;
  }

  /** The approximate memory of the host, in bytes. */
  long size() {
    return groups.stream().mapToLong(RouteGroup::size).sum();
  }

  /**
   * Rewrites the host.
   *
   * @param created the creation time of an HTTPRoute (RFC 3339); empty if unknown
   * @throws InvalidProtocolBufferException if a route cannot be read
   */
  RewrittenHost rewrite(PlannedHost setting, Function<ObjectRef, String> created)
      throws InvalidProtocolBufferException {
    VirtualHosts host =
        settings.of(setting, () -> VirtualHosts.of(setting.routes(), setting.setting()));
    Map<ObjectRef, String> ages = new HashMap<>();
    host.contestants().forEach(route -> ages.put(route, created.apply(route)));
    Precedence precedence = new Precedence(ages);
    return rewritten.of(
        new HostInputs(setting, precedence), () -> rewrite(host.arrange(precedence)));
  }

  private RewrittenHost rewrite(Arrangement arrangement) throws InvalidProtocolBufferException {
    MessageSplicer routes = new MessageSplicer();
    MessageSplicer loop = new MessageSplicer();
    List<Diagnostic> diagnostics = new ArrayList<>();
    routes.add(shallow.toByteString());
    Iterator<RouteGroup> originals = groups.iterator(); // the items keep their order
    for (Item item : arrangement.items()) {
      switch (item) {
        case Item.Inserted(Route route) ->
          routes.addField(ShallowVirtualHost.ROUTES_FIELD_NUMBER, route.toByteString());
        case Item.Original(PlannedRoutes own, Optional<HostChange> change) -> {
          RouteGroup group = originals.next();
          if (change.isEmpty()) {
            routes.add(group.bytes());
            continue;
          }
          RewrittenGroup changed = group.rewrite(own, change.get());
          routes.add(changed.routes());
          loop.add(changed.loop());
          diagnostics.addAll(changed.broken());
        }
      }
    }
    diagnostics.addAll(arrangement.diagnostics());
    return new RewrittenHost(
        routes.toByteString(), loop.toByteString(), arrangement.answers(), diagnostics);
  }
}
