package dev.pointsman.xds;

import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;

/** Lets a route configuration answer by itself with more than Envoy's usual 4 KiB: a list of models may be longer. */
public final class LongResponses {
  /** The largest body of a direct response, in bytes: some 13,000 models. */
  static final int MOST_BYTES = 1 << 20;

  /** A limit that a list of models keeps, to be put behind a route configuration's other fields. */
  public static final ByteString ALLOWED = allowed();

  private LongResponses() {}

  private static ByteString allowed() {
    // Of a field that comes twice, the values are merged, and the last one counts.
    RouteConfiguration.Builder limited = RouteConfiguration.newBuilder();
    limited.getMaxDirectResponseBodySizeBytesBuilder().setValue(MOST_BYTES);
    return limited.build().toByteString();
  }
}
