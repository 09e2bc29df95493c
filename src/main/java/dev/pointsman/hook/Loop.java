package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import dev.pointsman.xds.LargeBodies;
import dev.pointsman.xds.XdsNames;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.List;

/**
 * The loop for large bodies of a route configuration: the cluster that leads into it, and the listener at its end.
 *
 * @param processors users' processors that run in the listener
 */
record Loop(String name, List<HttpFilter> processors, ByteString cluster, ByteString listener) {
  static Loop of(String routeConfiguration, List<HttpFilter> processors) {
    return new Loop(
        XdsNames.largeBodies(routeConfiguration),
        processors,
        LargeBodies.cluster(routeConfiguration).toByteString(),
        LargeBodies.listener(routeConfiguration, processors).toByteString());
  }
}
