package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.hook.CachedVirtualHost.Arranged;
import dev.pointsman.hook.RouteTable.Host;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.shallow.ShallowRouteConfiguration;
import dev.pointsman.shallow.ShallowVirtualHost;
import dev.pointsman.xds.BodyProcessors;
import dev.pointsman.xds.GatewayFilters;
import dev.pointsman.xds.HostModels;
import dev.pointsman.xds.ListenerFilters.Needs;
import dev.pointsman.xds.LongResponses;
import dev.pointsman.xds.LoopSecret;
import dev.pointsman.xds.LoopTokens;
import dev.pointsman.xds.PlannedRoutes;
import dev.pointsman.xds.VirtualHosts;
import dev.pointsman.xds.VirtualHosts.Setting;
import dev.pointsman.xds.XdsNames;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** The route configurations of a translation, as the plans say; what concerns nobody stays the bytes that came. */
final class Routes {
  private final Diagnostics diagnostics;
  private final List<ByteString> tables = new ArrayList<>();
  private final List<ByteString> loopTables = new ArrayList<>();
  private final SortedMap<String, List<HttpFilter>> loops = new TreeMap<>();
  private final Map<String, Needs> needs = new HashMap<>();
  private int changed;
  private int poolRoutes;
  private boolean answers;

  private Routes(Diagnostics diagnostics) {
    this.diagnostics = diagnostics;
  }

  static Routes rewrite(List<RouteTable> tables, Decided decided, Diagnostics diagnostics) {
    Routes routes = new Routes(diagnostics);
    tables.forEach(table -> routes.add(table, decided));
    return routes;
  }

  /**
   * Decisions that the rewriting of routes depends on.
   *
   * @param filters facts about connection managers, by name of route configuration
   * @param loopSecret the key of the loops' tokens
   * @param created when an HTTPRoute was made (RFC 3339); empty if unknown
   */
  record Decided(
      Plans plans,
      GatewayPolicies policies,
      Clusters clusters,
      Map<String, GatewayFilters> filters,
      LoopSecret loopSecret,
      Function<ObjectRef, String> created) {}

  private void add(RouteTable table, Decided decided) {
    if (!table.isRelevant()) {
      tables.add(table.bytes());
      return;
    }
    MessageSplicer rewritten = new MessageSplicer();
    MessageSplicer loop = new MessageSplicer();
    rewritten.add(table.shallow().toByteString());
    Needs needed = Needs.NOTHING;
    boolean touched = false;
    boolean lists = false;
    for (Host given : table.hosts()) {
      if (given.known().isEmpty()) {
        rewritten.addRange(table.bytes(), given.part().from(), given.part().to());
        continue;
      }
      CachedVirtualHost host = given.known().get();
      List<PlannedRoutes> slots = slots(host, decided);
      HostModels models = decided.policies().models(host.shallow());
      if (slots.stream().anyMatch(PlannedRoutes::anyIsOurs)) { // from an earlier pass
        rewritten.addRange(table.bytes(), given.part().from(), given.part().to());
      } else {
        Setting setting = new Setting(
            new LoopTokens(decided.loopSecret(), table.name(), host.shallow().getName()),
            decided.filters().getOrDefault(table.name(), GatewayFilters.NONE),
            models);
        rewritten.addField(
            ShallowRouteConfiguration.VIRTUAL_HOSTS_FIELD_NUMBER,
            arranged(host, slots, setting, decided, loop).orElse(given.part().bytes()));
        touched = true;
        lists |= models.list().isPresent();
      }
      needed = needed.and(needs(slots, models));
    }
    if (lists) {
      rewritten.add(LongResponses.ALLOWED);
    }
    if (needed.pools() || needed.models()) {
      needs.put(table.name(), needed);
    }
    ByteString result = touched ? rewritten.toByteString() : table.bytes();
    changed += result.equals(table.bytes()) ? 0 : 1;
    tables.add(result);
    ByteString behind = loop.toByteString();
    if (!behind.isEmpty()) {
      GatewayFilters filters = decided.filters().getOrDefault(table.name(), GatewayFilters.NONE);
      loops.put(table.name(), BodyProcessors.behindTheLoop(filters.disabled()));
      loopTables.add(loopTable(XdsNames.largeBodies(table.name()), behind));
    }
  }

  /** One virtual host for all: its routes match their tokens, whatever host a request names. */
  private static ByteString loopTable(String name, ByteString routes) {
    ShallowVirtualHost host =
        ShallowVirtualHost.newBuilder().setName(name).addDomains("*").build();
    return ShallowRouteConfiguration.newBuilder()
        .setName(name)
        .addVirtualHosts(host.toByteString().concat(routes))
        .build()
        .toByteString();
  }

  /**
   * The host as it shall be; empty when it cannot be read.
   *
   * @param loop gets its routes for large bodies
   */
  private Optional<ByteString> arranged(
      CachedVirtualHost host,
      List<PlannedRoutes> slots,
      Setting setting,
      Decided decided,
      MessageSplicer loop) {
    try {
      Arranged arranged = host.arranged(slots, setting, decided.created());
      diagnostics.addAll(arranged.diagnostics());
      answers |= arranged.answers();
      loop.add(arranged.loop());
      return Optional.of(arranged.host());
    } catch (InvalidProtocolBufferException unreadable) {
      diagnostics.unreadable("VirtualHost", host.shallow().getName(), unreadable);
      return Optional.empty();
    }
  }

  private List<PlannedRoutes> slots(CachedVirtualHost host, Decided decided) {
    Set<String> clustersWithEjection = decided.clusters().clustersWithEjection();
    List<PlannedRoutes> slots = new ArrayList<>(host.chunks().size());
    Iterator<RouteChunkPlan> plans = decided.plans().of(host).iterator();
    for (RouteChunk chunk : host.chunks()) {
      RouteChunkPlan plan = plans.next();
      PlannedRoutes own =
          chunk.isRelevant() ? plan.slots(chunk, clustersWithEjection) : chunk.passThrough();
      slots.add(own);
      poolRoutes += own.poolRoutes();
    }
    return slots;
  }

  private static Needs needs(List<PlannedRoutes> slots, HostModels models) {
    boolean extracts = VirtualHosts.extracts(slots, models);
    SortedSet<String> headers = new TreeSet<>();
    if (extracts) {
      models.alias().ifPresent(headers::add);
    }
    return new Needs(slots.stream().anyMatch(PlannedRoutes::goToPools), extracts, headers);
  }

  /** All route configurations, those behind the loops for large bodies last. */
  List<ByteString> all() {
    List<ByteString> all = new ArrayList<>(tables);
    all.addAll(loopTables);
    return all;
  }

  /** Users' processors that run behind the loops for large bodies, by name of the route configuration of each. */
  SortedMap<String, List<HttpFilter>> loops() {
    return loops;
  }

  /** What the listeners need, by route configuration's name. */
  Map<String, Needs> needs() {
    return needs;
  }

  /** How many of Envoy Gateway's route configurations have changed. */
  int changed() {
    return changed;
  }

  /** Whether a route of ours goes to the cluster of counted answers. */
  boolean answers() {
    return answers;
  }

  int poolRoutes() {
    return poolRoutes;
  }
}
