package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.hook.RouteTable.Host;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.plan.RulePlan;
import dev.pointsman.twins.RouteConfigurationTwin;
import dev.pointsman.twins.VirtualHostTwin;
import dev.pointsman.xds.ListenerFilters.Needs;
import dev.pointsman.xds.RouteChange.Changed;
import dev.pointsman.xds.RouteFacts;
import dev.pointsman.xds.VirtualHosts;
import dev.pointsman.xds.VirtualHosts.Arranged;
import dev.pointsman.xds.VirtualHosts.Item;
import dev.pointsman.xds.VirtualHosts.Slot;
import dev.pointsman.xds.XdsNames;
import dev.pointsman.xds.XdsSettings;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** The route configurations of a translation, as the plans say; what concerns nobody stays the bytes that came. */
final class Routes {
  private final VirtualHosts virtualHosts;
  private final Memo memo;
  private final Diagnostics diagnostics;
  private final List<ByteString> tables = new ArrayList<>();
  private final List<ByteString> loopTables = new ArrayList<>();
  private final SortedSet<String> loops = new TreeSet<>();
  private final Map<String, Needs> needs = new HashMap<>();
  private int poolRoutes;

  private Routes(XdsSettings settings, Memo memo, Diagnostics diagnostics) {
    virtualHosts = new VirtualHosts(settings);
    this.memo = memo;
    this.diagnostics = diagnostics;
  }

  static Routes rewrite(
      List<RouteTable> tables,
      Decided decided,
      XdsSettings settings,
      Memo memo,
      Diagnostics diagnostics) {
    Routes routes = new Routes(settings, memo, diagnostics);
    tables.forEach(table -> routes.add(table, decided));
    return routes;
  }

  /** What was decided before the routes' turn: by name of route configuration, the filters that listeners disable. */
  record Decided(Plans plans, Clusters clusters, Map<String, List<HttpFilter>> disabledFilters) {}

  private void add(RouteTable table, Decided decided) {
    if (!table.concernsUs()) {
      tables.add(table.bytes());
      return;
    }
    RouteConfigurationTwin.Builder rewritten = table.twin().toBuilder().clearVirtualHosts();
    RouteConfigurationTwin.Builder loop =
        RouteConfigurationTwin.newBuilder().setName(XdsNames.largeBodies(table.name()));
    Needs needed = new Needs(false, false);
    for (Host host : table.hosts()) {
      rewritten.addVirtualHosts(
          host.concernsUs() ? rewrite(host, table.name(), decided, loop) : host.bytes());
      needed = needed.and(needs(host, decided));
    }
    if (needed.pools() || needed.models()) {
      needs.put(table.name(), needed);
    }
    tables.add(rewritten.build().toByteString());
    if (loop.getVirtualHostsCount() > 0) {
      loops.add(table.name());
      loopTables.add(loop.build().toByteString());
    }
  }

  private ByteString rewrite(
      Host host, String table, Decided decided, RouteConfigurationTwin.Builder loop) {
    List<Slot> slots = slots(host, decided);
    if (slots.stream().anyMatch(slot -> slot.facts().map(RouteFacts::isOurs).orElse(false))) {
      return host.bytes(); // an earlier pass of ours
    }
    try {
      List<HttpFilter> disabled = decided.disabledFilters().getOrDefault(table, List.of());
      Arranged arranged = virtualHosts.arrange(slots, table, disabled);
      arranged.refused().forEach(route -> refused(route, arranged.impossibleFilters()));
      VirtualHostTwin.Builder rewritten = host.twin().toBuilder().clearRoutes();
      VirtualHostTwin.Builder behind = VirtualHostTwin.newBuilder()
          .setName(host.twin().getName())
          .addAllDomains(host.twin().getDomainsList());
      for (Item item : arranged.items()) {
        Changed changed = changed(item);
        rewritten.addAllRoutes(changed.routes());
        changed.loop().ifPresent(behind::addRoutes);
      }
      if (behind.getRoutesCount() > 0) {
        loop.addVirtualHosts(behind.build().toByteString());
      }
      return rewritten.build().toByteString();
    } catch (InvalidProtocolBufferException unreadable) {
      diagnostics.unreadable("VirtualHost", host.twin().getName(), unreadable);
      return host.bytes();
    }
  }

  private Changed changed(Item item) throws InvalidProtocolBufferException {
    return switch (item) {
      case Item.Ours(var route) -> new Changed(List.of(route.toByteString()), Optional.empty());
      case Item.Given(Slot slot, var change) ->
        change.isPresent()
            ? memo.route(slot.bytes(), change.get())
            : new Changed(List.of(slot.bytes()), Optional.empty());
    };
  }

  private List<Slot> slots(Host host, Decided decided) {
    List<Slot> slots = new ArrayList<>(host.routes().size());
    for (RouteTable.Entry entry : host.routes()) {
      Optional<RulePlan> plan = entry.facts().flatMap(decided.plans()::of);
      boolean aside = plan.map(decided.clusters()::setHostsAside).orElse(false);
      slots.add(new Slot(entry.bytes(), entry.facts(), plan, aside));
      poolRoutes += plan.isPresent() ? 1 : 0;
    }
    return slots;
  }

  private static Needs needs(Host host, Decided decided) {
    boolean pools = false;
    boolean models = false;
    for (RouteTable.Entry entry : host.routes()) {
      pools |= entry.facts().flatMap(decided.plans()::of).isPresent();
      models |= entry.facts().map(RouteFacts::asksForModel).orElse(false);
    }
    return new Needs(pools, models);
  }

  private void refused(RouteFacts route, List<String> filters) {
    diagnostics.add(
        new Diagnostic(
            Reason.UnsupportedFilter,
            route.owner(),
            "",
            "answers 500, because its filter " + String.join(", ", filters)
                + " would be skipped: attach its policy to all"
                + " routes of the hostname (to the Gateway), or give its models a hostname of their own"));
  }

  /** All route configurations, those behind the loops for large bodies last. */
  List<ByteString> all() {
    List<ByteString> all = new ArrayList<>(tables);
    all.addAll(loopTables);
    return all;
  }

  /** The route configurations that have a loop for large bodies. */
  SortedSet<String> loops() {
    return loops;
  }

  /** What the listeners need, by route configuration's name. */
  Map<String, Needs> needs() {
    return needs;
  }

  int poolRoutes() {
    return poolRoutes;
  }
}
