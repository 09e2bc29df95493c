package dev.pointsman.rig;

import io.envoyproxy.envoy.config.core.v3.HeaderMap;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import java.util.HashMap;
import java.util.Map;

/** Headers as Envoy sends them to processors: the value is text, or bytes in newer versions. */
public final class ExtProcHeaders {
  private ExtProcHeaders() {}

  /** The headers by name; of several values the last. */
  public static Map<String, String> of(HeaderMap map) {
    Map<String, String> headers = new HashMap<>();
    for (HeaderValue header : map.getHeadersList()) {
      headers.put(
          header.getKey(),
          header.getRawValue().isEmpty()
              ? header.getValue()
              : header.getRawValue().toStringUtf8());
    }
    return headers;
  }
}
