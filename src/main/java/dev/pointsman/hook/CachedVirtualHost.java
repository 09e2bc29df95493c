package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.hook.RouteChunk.Rewritten;
import dev.pointsman.hook.RouteChunker.SplitHost;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.shallow.ShallowVirtualHost;
import dev.pointsman.xds.HostChange;
import dev.pointsman.xds.PlannedRoutes;
import dev.pointsman.xds.Precedence;
import dev.pointsman.xds.VirtualHosts;
import dev.pointsman.xds.VirtualHosts.Arrangement;
import dev.pointsman.xds.VirtualHosts.Item;
import dev.pointsman.xds.VirtualHosts.Setting;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** A virtual host that concerns us, and what became of it the last time. */
final class CachedVirtualHost {
  private final ShallowVirtualHost shallow;
  private final List<RouteChunk> chunks;
  private final LastValueMemo<Routing, VirtualHosts> routed = new LastValueMemo<>();
  private final LastValueMemo<Aged, Arranged> arranged = new LastValueMemo<>();

  private record Routing(List<PlannedRoutes> slots, Setting setting) {}

  private record Aged(Routing routing, Precedence precedence) {}

  /**
   * A virtual host arranged.
   *
   * @param host its bytes
   * @param loop a virtual host with the routes for large bodies, and nothing else
   * @param answers whether a route of ours goes to the cluster of counted answers
   * @param diagnostics what there is to say about its routes
   */
  record Arranged(
      ByteString host, ByteString loop, boolean answers, List<Diagnostic> diagnostics) {}

  private CachedVirtualHost(ShallowVirtualHost shallow, List<RouteChunk> chunks) {
    this.shallow = shallow;
    this.chunks = chunks;
  }

  /**
   * Reads a virtual host.
   *
   * @param last what it was the last time, which is the same if nothing has changed
   * @throws InvalidProtocolBufferException when the bytes are no virtual host
   */
  static CachedVirtualHost of(ByteString bytes, Optional<CachedVirtualHost> last)
      throws InvalidProtocolBufferException {
    SplitHost split = RouteChunker.of(bytes, last.map(CachedVirtualHost::chunks).orElse(List.of()));
    ShallowVirtualHost shallow = ShallowVirtualHost.parseFrom(split.others());
    return last.filter(
            known -> known.shallow.equals(shallow) && known.chunks.equals(split.chunks()))
        .orElseGet(() -> new CachedVirtualHost(shallow, split.chunks()));
  }

  /** Itself without its routes. */
  ShallowVirtualHost shallow() {
    return shallow;
  }

  /** Its routes. */
  List<RouteChunk> chunks() {
    return chunks;
  }

  /**
   * What becomes of it.
   *
   * @param slots the routes of each chunk
   * @param created when an HTTPRoute was made (RFC 3339); empty if unknown
   * @throws InvalidProtocolBufferException when a route cannot be read
   */
  Arranged arranged(List<PlannedRoutes> slots, Setting setting, Function<ObjectRef, String> created)
      throws InvalidProtocolBufferException {
    Routing routing = new Routing(slots, setting);
    VirtualHosts host = routed.of(routing, () -> VirtualHosts.of(slots, setting));
    Map<ObjectRef, String> ages = new HashMap<>();
    host.contestants().forEach(route -> ages.put(route, created.apply(route)));
    Precedence precedence = new Precedence(ages);
    return arranged.of(new Aged(routing, precedence), () -> arrange(host.arrange(precedence)));
  }

  private Arranged arrange(Arrangement arrangement) throws InvalidProtocolBufferException {
    MessageSplicer routes = new MessageSplicer();
    MessageSplicer loop = new MessageSplicer();
    List<Diagnostic> diagnostics = new ArrayList<>();
    routes.add(shallow.toByteString());
    Iterator<RouteChunk> given = chunks.iterator(); // the items keep their order
    for (Item item : arrangement.items()) {
      switch (item) {
        case Item.Ours(Route route) ->
          routes.addField(ShallowVirtualHost.ROUTES_FIELD_NUMBER, route.toByteString());
        case Item.Given(PlannedRoutes own, Optional<HostChange> change) -> {
          RouteChunk chunk = given.next();
          if (change.isEmpty()) {
            routes.add(chunk.bytes());
            continue;
          }
          Rewritten rewritten = chunk.rewritten(own, change.get());
          routes.add(rewritten.routes());
          loop.add(rewritten.loop());
          diagnostics.addAll(rewritten.broken());
        }
      }
    }
    diagnostics.addAll(arrangement.diagnostics());
    return new Arranged(
        routes.toByteString(), loop.toByteString(), arrangement.answers(), diagnostics);
  }
}
