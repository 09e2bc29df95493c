package dev.pointsman.translate;

import com.google.common.collect.HashMultimap;
import com.google.common.collect.SetMultimap;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.shallow.ShallowRouteConfiguration;
import dev.pointsman.shallow.ShallowVirtualHost;
import dev.pointsman.translate.HostRoutes.PlannedHost;
import dev.pointsman.translate.HostRoutes.RewrittenHost;
import dev.pointsman.translate.RouteTable.Host;
import dev.pointsman.wire.MessageSplicer;
import dev.pointsman.xds.GatewayFilters;
import dev.pointsman.xds.HostModels;
import dev.pointsman.xds.ListenerFilters.Needs;
import dev.pointsman.xds.LoopSecret;
import dev.pointsman.xds.LoopTokens;
import dev.pointsman.xds.PlannedRoutes;
import dev.pointsman.xds.StagesCluster;
import dev.pointsman.xds.VirtualHosts;
import dev.pointsman.xds.XdsNames;
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

/** Rewrites the route configurations according to the plans. Irrelevant ones are passed through. */
final class RouteRewriter {
  private final Inputs inputs;
  private final Diagnostics diagnostics;
  private final List<ByteString> tables = new ArrayList<>();
  private final List<ByteString> loopTables = new ArrayList<>();
  private final SortedMap<String, GatewayFilters> loops = new TreeMap<>();
  private final SetMultimap<String, StagesCluster> stages = HashMultimap.create();
  private final Map<String, Needs> needs = new HashMap<>();
  private int changed;
  private int poolRoutes;
  private boolean answers;

  /**
   * The inputs of the rewriting.
   *
   * @param withEjection the clusters of pools that eject hosts or check their health
   * @param filters facts about connection managers, by name of the route configuration
   * @param loopSecret the key of the loops' tokens
   * @param created the creation time of an HTTPRoute (RFC 3339); empty if unknown
   */
  record Inputs(
      RulePlans plans,
      GatewayPolicies policies,
      Set<String> withEjection,
      Map<String, GatewayFilters> filters,
      LoopSecret loopSecret,
      Function<ObjectRef, String> created) {
    private GatewayFilters filters(String table) {
      return filters.getOrDefault(table, GatewayFilters.NONE);
    }
  }

  private RouteRewriter(Inputs inputs, Diagnostics diagnostics) {
    this.inputs = inputs;
    this.diagnostics = diagnostics;
  }

  static RouteRewriter rewrite(List<RouteTable> tables, Inputs inputs, Diagnostics diagnostics) {
    RouteRewriter rewriter = new RouteRewriter(inputs, diagnostics);
    tables.forEach(rewriter::add);
    return rewriter;
  }

  private void add(RouteTable table) {
    if (!table.isRelevant()) {
      tables.add(table.bytes());
      return;
    }
    MessageSplicer rewritten = new MessageSplicer();
    MessageSplicer loop = new MessageSplicer();
    rewritten.add(table.shallow().toByteString());
    Needs needed = Needs.NOTHING;
    boolean touched = false;
    for (Host given : table.hosts()) {
      if (given.relevant().isEmpty()) {
        rewritten.addRange(
            table.bytes(), given.element().from(), given.element().to());
        continue;
      }
      HostRoutes host = given.relevant().get();
      List<PlannedRoutes> routes = planned(host);
      HostModels models = inputs.policies().models(host.shallow());
      if (routes.stream().anyMatch(PlannedRoutes::anyIsOurs)) { // added by an earlier pass
        rewritten.addRange(
            table.bytes(), given.element().from(), given.element().to());
      } else {
        VirtualHosts.HostSettings setting = new VirtualHosts.HostSettings(
            new LoopTokens(inputs.loopSecret(), table.name(), host.shallow().getName()),
            inputs.filters(table.name()),
            models);
        rewritten.addField(
            ShallowRouteConfiguration.VIRTUAL_HOSTS_FIELD_NUMBER,
            rewritten(host, new PlannedHost(routes, setting), loop)
                .orElse(given.element().bytes()));
        touched = true;
      }
      needed = needed.and(needs(routes, models, table.header()));
      routes.forEach(some -> stages.putAll(table.name(), some.stages()));
    }
    if (needed.pools() || needed.models()) {
      needs.put(table.name(), needed);
    }
    ByteString result = touched ? rewritten.toByteString() : table.bytes();
    changed += result.equals(table.bytes()) ? 0 : 1;
    tables.add(result);
    addLoop(table.name(), loop.toByteString());
  }

  private void addLoop(String table, ByteString routes) {
    if (!routes.isEmpty()) {
      loops.put(table, inputs.filters(table));
      loopTables.add(loopTable(XdsNames.largeBodies(table), routes));
    }
  }

  /** One virtual host for all hosts: its routes match their tokens, regardless of the request's host. */
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
   * The rewritten host; empty if it cannot be read.
   *
   * @param loop receives the host's routes for large bodies
   */
  private Optional<ByteString> rewritten(
      HostRoutes host, PlannedHost setting, MessageSplicer loop) {
    try {
      RewrittenHost rewritten = host.rewrite(setting, inputs.created());
      diagnostics.addAll(rewritten.diagnostics());
      answers |= rewritten.answers();
      loop.add(rewritten.loop());
      return Optional.of(rewritten.host());
    } catch (InvalidProtocolBufferException unreadable) {
      diagnostics.unreadable("VirtualHost", host.shallow().getName(), unreadable);
      return Optional.empty();
    }
  }

  private List<PlannedRoutes> planned(HostRoutes host) {
    List<PlannedRoutes> planned = new ArrayList<>(host.groups().size());
    Iterator<GroupPlan> plans = inputs.plans().of(host).iterator();
    for (RouteGroup group : host.groups()) {
      GroupPlan plan = plans.next();
      PlannedRoutes routes =
          group.isRelevant() ? plan.routes(group, inputs.withEjection()) : group.passThrough();
      planned.add(routes);
      poolRoutes += routes.poolRoutes();
    }
    return planned;
  }

  private static Needs needs(
      List<PlannedRoutes> routes, HostModels models, Optional<String> header) {
    boolean extracts = VirtualHosts.extracts(routes, models);
    SortedSet<String> headers = new TreeSet<>();
    if (extracts) {
      header.ifPresent(headers::add);
    }
    return new Needs(routes.stream().anyMatch(PlannedRoutes::targetPools), extracts, headers);
  }

  /** All route configurations; the loops' are last. */
  List<ByteString> all() {
    List<ByteString> all = new ArrayList<>(tables);
    all.addAll(loopTables);
    return all;
  }

  /**
   * Facts about the connection managers of gateways with loops for large bodies, by name of the route configuration.
   */
  SortedMap<String, GatewayFilters> loops() {
    return loops;
  }

  /** The clusters through which requests are sent in stages, by name of the route configuration. */
  SetMultimap<String, StagesCluster> stages() {
    return stages;
  }

  /** The filters that routes need, by name of the route configuration. */
  Map<String, Needs> needs() {
    return needs;
  }

  /** The number of Envoy Gateway's route configurations that have changed. */
  int changed() {
    return changed;
  }

  /** Whether an added route targets the cluster of counted answers. */
  boolean answers() {
    return answers;
  }

  /** The number of routes whose rules name pools. */
  int poolRoutes() {
    return poolRoutes;
  }
}
