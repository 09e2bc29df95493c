package dev.pointsman.translate;

import com.google.protobuf.ByteString;
import dev.pointsman.incremental.Reuse;
import dev.pointsman.xds.GatewayFilters;
import dev.pointsman.xds.LargeBodies;
import dev.pointsman.xds.XdsNames;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * The loop for large bodies of a route configuration: its cluster and its listener.
 *
 * @param filters facts about the gateway's connection managers, on which the listener depends
 */
record Loop(String name, GatewayFilters filters, ByteString cluster, ByteString listener) {
  /**
   * The loops of route configurations.
   *
   * @param gateways facts about the gateways' connection managers, by name of the route configuration
   */
  static List<Loop> all(SortedMap<String, GatewayFilters> gateways, Reuse reuse) {
    List<Loop> loops = new ArrayList<>();
    gateways.forEach((name, filters) -> {
      Loop last = reuse.last(Places.LOOPS, name);
      Loop loop = last != null && last.filters.equals(filters) ? last : of(name, filters);
      reuse.keep(Places.LOOPS, name, loop, loop.cluster.size() + (long) loop.listener.size());
      loops.add(loop);
    });
    return loops;
  }

  private static Loop of(String routeConfiguration, GatewayFilters filters) {
    return new Loop(
        XdsNames.largeBodies(routeConfiguration),
        filters,
        LargeBodies.cluster(routeConfiguration).toByteString(),
        LargeBodies.listener(routeConfiguration, filters).toByteString());
  }
}
