package dev.pointsman.differential;

/**
 * The instructions of a request for its pod, in the header {@value #HEADER}.
 *
 * @param failures the number of the request's tries that fail
 * @param failure the status of these tries
 * @param delayMillis the delay before the response headers
 * @param bytes the size of the response body
 * @param chunks the number of the body's chunks, 100 ms apart, as server-sent events; 1: the whole body with its length
 * @param trailers whether the response has trailers
 * @param cut whether the connection is closed in the middle of the body
 */
record PodInstructions(
    int failures,
    int failure,
    int delayMillis,
    int bytes,
    int chunks,
    boolean trailers,
    boolean cut) {
  static final int PAUSE_MS = 100;

  static final String HEADER = "x-instructions";

  /** A small response without delay. */
  static final PodInstructions PLAIN = new PodInstructions(0, 503, 0, 40, 1, false, false);

  /** The duration of the response. */
  int millis() {
    return delayMillis + (chunks - 1) * PAUSE_MS;
  }

  String text() {
    return "%d %d %d %d %d %b %b"
        .formatted(failures, failure, delayMillis, bytes, chunks, trailers, cut);
  }

  /** Parses the header; {@link #PLAIN} if it is empty. */
  static PodInstructions parse(String text) {
    if (text.isEmpty()) {
      return PLAIN;
    }
    String[] words = text.split(" ");
    return new PodInstructions(
        Integer.parseInt(words[0]),
        Integer.parseInt(words[1]),
        Integer.parseInt(words[2]),
        Integer.parseInt(words[3]),
        Integer.parseInt(words[4]),
        Boolean.parseBoolean(words[5]),
        Boolean.parseBoolean(words[6]));
  }

  /** Whether the response is so slow that a client must receive its start before its end. */
  boolean isStream() {
    return chunks >= 5 && !cut;
  }

  PodInstructions failing(int times, int status) {
    return new PodInstructions(times, status, delayMillis, bytes, chunks, trailers, cut);
  }

  PodInstructions after(int millis) {
    return new PodInstructions(failures, failure, millis, bytes, chunks, trailers, cut);
  }
}
