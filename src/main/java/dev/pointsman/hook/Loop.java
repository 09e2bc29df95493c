package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import dev.pointsman.xds.LargeBodies;
import dev.pointsman.xds.XdsNames;

/** The loop for large bodies of a route configuration: the cluster that leads into it, and the listener at its end. */
record Loop(String name, ByteString cluster, ByteString listener) {
  static Loop of(String routeConfiguration) {
    return new Loop(
        XdsNames.largeBodies(routeConfiguration),
        LargeBodies.cluster(routeConfiguration).toByteString(),
        LargeBodies.listener(routeConfiguration).toByteString());
  }
}
