package dev.pointsman.translate;

import com.google.protobuf.ByteString;
import dev.pointsman.incremental.Reuse;
import dev.pointsman.xds.LargeBodies;
import dev.pointsman.xds.XdsNames;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * The loop for large bodies of a route configuration: the cluster that leads into it, and the listener at its end.
 *
 * @param processors users' processors that run in the listener
 */
record Loop(String name, List<HttpFilter> processors, ByteString cluster, ByteString listener) {
  /**
   * The loops of route configurations.
   *
   * @param processors of each loop, by name of the route configuration
   */
  static List<Loop> all(SortedMap<String, List<HttpFilter>> processors, Reuse reuse) {
    List<Loop> loops = new ArrayList<>();
    processors.forEach((name, filters) -> {
      Loop last = reuse.last(Places.LOOPS, name);
      Loop loop = last != null && last.processors.equals(filters) ? last : of(name, filters);
      reuse.keep(Places.LOOPS, name, loop, loop.cluster.size() + (long) loop.listener.size());
      loops.add(loop);
    });
    return loops;
  }

  private static Loop of(String routeConfiguration, List<HttpFilter> processors) {
    return new Loop(
        XdsNames.largeBodies(routeConfiguration),
        processors,
        LargeBodies.cluster(routeConfiguration).toByteString(),
        LargeBodies.listener(routeConfiguration, processors).toByteString());
  }
}
