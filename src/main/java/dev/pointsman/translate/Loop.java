package dev.pointsman.translate;

import com.google.common.collect.SetMultimap;
import com.google.protobuf.ByteString;
import dev.pointsman.incremental.Reuse;
import dev.pointsman.xds.GatewayFilters;
import dev.pointsman.xds.LargeBodies;
import dev.pointsman.xds.StagesCluster;
import dev.pointsman.xds.XdsNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The loop of a route configuration: its clusters and its listener.
 *
 * @param filters facts about the gateway's connection managers, on which the listener depends
 * @param stages the clusters through which requests are sent in stages
 * @param clusters all of them, by name
 */
record Loop(
    String name,
    GatewayFilters filters,
    Set<StagesCluster> stages,
    SortedMap<String, ByteString> clusters,
    ByteString listener) {
  /**
   * The loops of route configurations.
   *
   * @param gateways facts about the gateways' connection managers, by name of the route configuration
   * @param stages the clusters through which requests are sent in stages, by name of the route configuration
   */
  static List<Loop> all(
      SortedMap<String, GatewayFilters> gateways,
      SetMultimap<String, StagesCluster> stages,
      Reuse reuse) {
    List<Loop> loops = new ArrayList<>();
    gateways.forEach((name, filters) -> {
      Loop last = reuse.last(Places.LOOPS, name);
      Set<StagesCluster> own = stages.get(name);
      Loop loop = last != null && last.filters.equals(filters) && last.stages.equals(own)
          ? last
          : of(name, filters, Set.copyOf(own));
      reuse.keep(Places.LOOPS, name, loop, loop.size());
      loops.add(loop);
    });
    return loops;
  }

  private long size() {
    return clusters.values().stream().mapToLong(ByteString::size).sum() + listener.size();
  }

  private static Loop of(
      String routeConfiguration, GatewayFilters filters, Set<StagesCluster> stages) {
    String name = XdsNames.largeBodies(routeConfiguration);
    SortedMap<String, ByteString> clusters = new TreeMap<>();
    clusters.put(name, LargeBodies.cluster(routeConfiguration).toByteString());
    stages.forEach(one ->
        clusters.put(one.name(routeConfiguration), one.in(routeConfiguration).toByteString()));
    return new Loop(
        name,
        filters,
        stages,
        clusters,
        LargeBodies.listener(routeConfiguration, filters).toByteString());
  }
}
