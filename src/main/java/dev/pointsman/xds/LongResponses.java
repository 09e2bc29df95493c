package dev.pointsman.xds;

import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;

/** Allows direct responses above Envoy's default limit of 4 KiB: a list of models may be longer. */
public final class LongResponses {
  /** The largest body of a direct response, in bytes: some 13,000 models. */
  static final int MAX_BYTES = 1 << 20;

  /** The field with the higher limit, to be appended to a route configuration's other fields. */
  public static final ByteString ALLOWED = allowed();

  private LongResponses() {}

  private static ByteString allowed() {
    // Protobuf merges the values of a repeated occurrence of the field, and the last one wins.
    RouteConfiguration.Builder limited = RouteConfiguration.newBuilder();
    limited.getMaxDirectResponseBodySizeBytesBuilder().setValue(MAX_BYTES);
    return limited.build().toByteString();
  }
}
