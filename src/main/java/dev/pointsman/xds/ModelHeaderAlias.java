package dev.pointsman.xds;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.shallow.ShallowVirtualHost;
import dev.pointsman.wire.MultiPatternSearch;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.function.Predicate;

/**
 * An additional name for the header with the model's name, on hosts whose policy configures it. The routes are changed
 * to match the usual header, so that no other code depends on the name. Upstreams receive both headers.
 */
public final class ModelHeaderAlias {
  private ModelHeaderAlias() {}

  /**
   * The virtual host with conditions on the additional header changed to the usual one; the same instance if there are
   * none.
   *
   * @param header in lower case
   * @throws InvalidProtocolBufferException if the bytes are no virtual host
   */
  public static ByteString usual(ByteString host, String header)
      throws InvalidProtocolBufferException {
    Predicate<ByteString> mentions = header.length() < MultiPatternSearch.SHORTEST
        ? _ -> true
        : new MultiPatternSearch(header)::in;
    if (!mentions.test(host)) {
      return host;
    }
    ShallowVirtualHost.Builder shallow = ShallowVirtualHost.parseFrom(host).toBuilder();
    for (int i = 0; i < shallow.getRoutesCount(); i++) {
      if (mentions.test(shallow.getRoutes(i))) {
        shallow.setRoutes(i, renamed(shallow.getRoutes(i), header));
      }
    }
    return shallow.build().toByteString();
  }

  private static ByteString renamed(ByteString bytes, String header) {
    try {
      Route.Builder route = Route.parseFrom(bytes).toBuilder();
      boolean found = false;
      for (HeaderMatcher.Builder matcher : route.getMatchBuilder().getHeadersBuilderList()) {
        if (matcher.getName().equalsIgnoreCase(header)) {
          matcher.setName(XdsNames.MODEL_HEADER);
          found = true;
        }
      }
      return found ? route.build().toByteString() : bytes;
    } catch (InvalidProtocolBufferException unreadable) {
      return bytes; // reported by the next decoder
    }
  }
}
