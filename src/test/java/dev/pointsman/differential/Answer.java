package dev.pointsman.differential;

import java.util.List;
import java.util.Map;

/**
 * An answer as the client saw it.
 *
 * @param end how it ended
 * @param status 0: no head came
 * @param headers names in lower case, several values in order
 * @param body its length and hash; the text itself where it is short
 * @param firstMillis from the request's begin to the first byte of the body; {@link #NO_BODY} without a body
 * @param millis to the end
 */
record Answer(
    End end,
    int status,
    Map<String, List<String>> headers,
    String body,
    Map<String, String> trailers,
    long firstMillis,
    long millis) {
  /** In place of a time. */
  static final long NO_BODY = -1;

  /** How an answer ends. */
  enum End {
    WHOLE,
    /** The connection was closed, or the stream reset, before the end. */
    CUT,
    /** The client waited in vain. */
    SILENT,
    /** The client hung up, as it was to do. */
    ABORTED
  }

  Answer {
    headers = Map.copyOf(headers);
    trailers = Map.copyOf(trailers);
  }

  /** A header's values, joined; empty when there is none. */
  String header(String name) {
    return String.join(", ", headers.getOrDefault(name, List.of()));
  }
}
