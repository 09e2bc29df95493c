package dev.pointsman.xds;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.twins.RouteConfigurationTwin;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;

/** Lets a route configuration answer by itself with more than Envoy's usual 4 KiB: a list of models may be longer. */
public final class LongResponses {
  /** Some 10,000 models. */
  private static final int MOST_BYTES = 1 << 20;

  private LongResponses() {}

  /** The route configuration with a limit that a list of models keeps. */
  public static RouteConfigurationTwin.Builder allow(RouteConfigurationTwin.Builder table) {
    RouteConfiguration.Builder limited = RouteConfiguration.newBuilder();
    limited.getMaxDirectResponseBodySizeBytesBuilder().setValue(MOST_BYTES);
    try {
      // Appended: of a field that comes twice, the values are merged, and the last one counts.
      return table.mergeFrom(limited.build().toByteString());
    } catch (InvalidProtocolBufferException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
