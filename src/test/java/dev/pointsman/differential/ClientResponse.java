package dev.pointsman.differential;

import java.util.List;
import java.util.Map;

/**
 * A response as the client received it.
 *
 * @param end its end
 * @param status 0 if no response headers were received
 * @param headers names in lower case, several values in order
 * @param body its length and hash; the text itself where it is short
 * @param firstMillis the time from the start of the request to the first byte of the body; {@link #NO_BODY} without a
 *     body
 * @param millis the time from the start of the request to the end
 */
record ClientResponse(
    End end,
    int status,
    Map<String, List<String>> headers,
    String body,
    Map<String, String> trailers,
    long firstMillis,
    long millis) {
  /** The time to the first byte if there is no body. */
  static final long NO_BODY = -1;

  /** The ends of a response. */
  enum End {
    WHOLE,
    /** The connection was closed, or the stream reset, before the end. */
    CUT,
    /** The client timed out. */
    SILENT,
    /** The client aborted the request, as instructed. */
    ABORTED
  }

  ClientResponse {
    headers = Map.copyOf(headers);
    trailers = Map.copyOf(trailers);
  }

  /** A header's values, joined; empty when there is none. */
  String header(String name) {
    return String.join(", ", headers.getOrDefault(name, List.of()));
  }
}
