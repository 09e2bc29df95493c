package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.hook.Stretch.Rewritten;
import dev.pointsman.hook.Stretches.Apart;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.twins.VirtualHostTwin;
import dev.pointsman.xds.HostChange;
import dev.pointsman.xds.Precedence;
import dev.pointsman.xds.Slots;
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
final class KnownHost {
  private final VirtualHostTwin twin;
  private final List<Stretch> stretches;
  private final Latest<Routing, VirtualHosts> routed = new Latest<>();
  private final Latest<Aged, Arranged> arranged = new Latest<>();

  private record Routing(List<Slots> slots, Setting setting) {}

  private record Aged(Routing routing, Precedence precedence) {}

  /**
   * A virtual host arranged.
   *
   * @param host its bytes
   * @param loop a virtual host with the routes for large bodies, and nothing else
   * @param diagnostics what there is to say about its routes
   */
  record Arranged(ByteString host, ByteString loop, List<Diagnostic> diagnostics) {}

  private KnownHost(VirtualHostTwin twin, List<Stretch> stretches) {
    this.twin = twin;
    this.stretches = stretches;
  }

  /**
   * Reads a virtual host.
   *
   * @param last what it was the last time, which is the same if nothing has changed
   * @throws InvalidProtocolBufferException when the bytes are no virtual host
   */
  static KnownHost of(ByteString bytes, Optional<KnownHost> last)
      throws InvalidProtocolBufferException {
    Apart apart = Stretches.of(bytes, last.map(KnownHost::stretches).orElse(List.of()));
    VirtualHostTwin twin = VirtualHostTwin.parseFrom(apart.others());
    return last.filter(
            known -> known.twin.equals(twin) && known.stretches.equals(apart.stretches()))
        .orElseGet(() -> new KnownHost(twin, apart.stretches()));
  }

  /** Itself without its routes. */
  VirtualHostTwin twin() {
    return twin;
  }

  /** Its routes. */
  List<Stretch> stretches() {
    return stretches;
  }

  /**
   * What becomes of it.
   *
   * @param slots the routes of each stretch
   * @param created when an HTTPRoute was made (RFC 3339); empty if unknown
   * @throws InvalidProtocolBufferException when a route cannot be read
   */
  Arranged arranged(List<Slots> slots, Setting setting, Function<ObjectRef, String> created)
      throws InvalidProtocolBufferException {
    Routing routing = new Routing(slots, setting);
    VirtualHosts host = routed.of(routing, () -> VirtualHosts.of(slots, setting));
    Map<ObjectRef, String> ages = new HashMap<>();
    host.contestants().forEach(route -> ages.put(route, created.apply(route)));
    Precedence precedence = new Precedence(ages);
    return arranged.of(new Aged(routing, precedence), () -> arrange(host.arrange(precedence)));
  }

  private Arranged arrange(Arrangement arrangement) throws InvalidProtocolBufferException {
    Pieces routes = new Pieces();
    Pieces loop = new Pieces();
    List<Diagnostic> diagnostics = new ArrayList<>(arrangement.diagnostics());
    routes.add(twin.toByteString());
    Iterator<Stretch> given = stretches.iterator(); // the items keep their order
    for (Item item : arrangement.items()) {
      switch (item) {
        case Item.Ours(Route route) ->
          routes.addField(VirtualHostTwin.ROUTES_FIELD_NUMBER, route.toByteString());
        case Item.Given(Slots own, Optional<HostChange> change) -> {
          Stretch stretch = given.next();
          if (change.isEmpty()) {
            routes.add(stretch.bytes());
            continue;
          }
          Rewritten rewritten = stretch.rewritten(own, change.get());
          routes.add(rewritten.routes());
          loop.add(rewritten.loop());
          diagnostics.addAll(rewritten.broken());
        }
      }
    }
    return new Arranged(routes.together(), loop.together(), diagnostics);
  }
}
