package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.hook.RouteTable.Entry;
import dev.pointsman.hook.RouteTable.Host;
import dev.pointsman.plan.PoolBackend.Usable;
import dev.pointsman.plan.RulePlan;
import dev.pointsman.twins.RouteConfigurationTwin;
import dev.pointsman.twins.VirtualHostTwin;
import dev.pointsman.xds.InBand;
import dev.pointsman.xds.ListenerFilters.Needs;
import dev.pointsman.xds.PoolRoutes;
import dev.pointsman.xds.VirtualHosts;
import dev.pointsman.xds.VirtualHosts.Slot;
import dev.pointsman.xds.XdsNames;
import dev.pointsman.xds.XdsSettings;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rewrites route configurations as the plans say; what concerns nobody stays the bytes that came. */
final class RouteTableRewriter {
  private final VirtualHosts virtualHosts;
  private final Plans plans;
  private final Clusters clusters;
  private final TranslationHook.Diagnostics diagnostics;

  RouteTableRewriter(
      XdsSettings settings,
      Plans plans,
      Clusters clusters,
      TranslationHook.Diagnostics diagnostics) {
    virtualHosts = new VirtualHosts(settings);
    this.plans = plans;
    this.clusters = clusters;
    this.diagnostics = diagnostics;
  }

  /**
   * A rewritten route configuration.
   *
   * @param needs what it asks of its listeners, empty when nothing
   * @param loop the route configuration behind the loop for large bodies, empty when there is none
   */
  record Result(
      ByteString bytes, Optional<Needs> needs, Optional<ByteString> loop, int poolRoutes) {}

  Result rewrite(RouteTable table, List<HttpFilter> disabled) {
    if (!table.concernsUs()) {
      return new Result(table.bytes(), Optional.empty(), Optional.empty(), 0);
    }
    RouteConfigurationTwin.Builder rewritten = table.twin().toBuilder().clearVirtualHosts();
    RouteConfiguration.Builder loop =
        RouteConfiguration.newBuilder().setName(XdsNames.largeBodies(table.name()));
    boolean pools = false;
    boolean models = false;
    int poolRoutes = 0;
    for (Host host : table.hosts()) {
      if (host.twin().isEmpty()) {
        rewritten.addVirtualHosts(host.bytes());
        continue;
      }
      List<Slot> slots = slots(host);
      int count = (int) slots.stream().filter(RouteTableRewriter::goesToPool).count();
      poolRoutes += count;
      pools |= count > 0;
      models |= host.entries().stream().anyMatch(RouteTableRewriter::asksForModel);
      rewritten.addVirtualHosts(rewrite(host, slots, table.name(), disabled, loop));
    }
    return new Result(
        rewritten.build().toByteString(),
        pools || models ? Optional.of(new Needs(pools, models)) : Optional.empty(),
        loop.getVirtualHostsCount() > 0
            ? Optional.of(loop.build().toByteString())
            : Optional.empty(),
        poolRoutes);
  }

  private ByteString rewrite(
      Host host,
      List<Slot> slots,
      String table,
      List<HttpFilter> disabled,
      RouteConfiguration.Builder loop) {
    VirtualHostTwin twin = host.twin().orElseThrow();
    if (host.entries().stream().anyMatch(RouteTableRewriter::isOurs)) {
      return host.bytes(); // an earlier pass of ours
    }
    try {
      VirtualHosts.Rewritten result = virtualHosts.rewrite(twin, slots, table, disabled);
      diagnostics.addAll(result.diagnostics());
      if (!result.loop().isEmpty()) {
        loop.addVirtualHosts(VirtualHost.newBuilder()
            .setName(twin.getName())
            .addAllDomains(twin.getDomainsList())
            .addAllRoutes(result.loop()));
      }
      return result.host().toByteString();
    } catch (InvalidProtocolBufferException unreadable) {
      diagnostics.unreadable("VirtualHost", twin.getName(), unreadable);
      return host.bytes();
    }
  }

  private List<Slot> slots(Host host) {
    List<Slot> slots = new ArrayList<>();
    for (Entry entry : host.entries()) {
      Optional<Route> route = entry.route();
      slots.add(route.isEmpty() ? new Slot.Opaque(entry.bytes()) : known(entry, route.get()));
    }
    return slots;
  }

  private Slot known(Entry entry, Route route) {
    Optional<RulePlan> plan = plans.of(entry);
    Route stripped = InBand.strip(route);
    if (plan.isEmpty()) {
      return new Slot.Known(stripped, false, false);
    }
    boolean picker = Plans.shares(plan.get()).stream()
        .anyMatch(share -> share.pool() instanceof Usable pool && pool.picker().isPresent());
    return new Slot.Known(
        PoolRoutes.rewrite(stripped, plan.get(), clusters.setHostsAside(plan.get())), true, picker);
  }

  private static boolean goesToPool(Slot slot) {
    return slot instanceof Slot.Known known && known.goesToPool();
  }

  private static boolean asksForModel(Entry entry) {
    return entry.route().map(VirtualHosts::asksForModel).orElse(false);
  }

  private static boolean isOurs(Entry entry) {
    return entry.route().map(route -> XdsNames.isOurs(route.getName())).orElse(false);
  }
}
