package dev.pointsman.differential;

/**
 * Instructions of a request for the pod that it reaches, in the header {@value #HEADER}.
 *
 * @param failures how many tries of the request fail before one is answered well
 * @param failure the status of those
 * @param delayMillis before the answer's head
 * @param bytes of the answer's body
 * @param pieces in which the body comes, 100 ms apart, as server-sent events; 1: at once, with its length
 * @param trailers whether the answer ends with trailers
 * @param cut whether the connection ends in the middle of the body
 */
record Orders(
    int failures,
    int failure,
    int delayMillis,
    int bytes,
    int pieces,
    boolean trailers,
    boolean cut) {
  static final int PAUSE_MS = 100;

  static final String HEADER = "x-orders";

  /** A small answer at once. */
  static final Orders PLAIN = new Orders(0, 503, 0, 40, 1, false, false);

  /** How long the answer takes. */
  int millis() {
    return delayMillis + (pieces - 1) * PAUSE_MS;
  }

  String text() {
    return "%d %d %d %d %d %b %b"
        .formatted(failures, failure, delayMillis, bytes, pieces, trailers, cut);
  }

  /** Reads the header; without one, the plain answer. */
  static Orders parse(String text) {
    if (text.isEmpty()) {
      return PLAIN;
    }
    String[] words = text.split(" ");
    return new Orders(
        Integer.parseInt(words[0]),
        Integer.parseInt(words[1]),
        Integer.parseInt(words[2]),
        Integer.parseInt(words[3]),
        Integer.parseInt(words[4]),
        Boolean.parseBoolean(words[5]),
        Boolean.parseBoolean(words[6]));
  }

  /** Whether the answer takes so long that a client must see its begin before its end. */
  boolean isStream() {
    return pieces >= 5 && !cut;
  }

  Orders failing(int times, int status) {
    return new Orders(times, status, delayMillis, bytes, pieces, trailers, cut);
  }

  Orders after(int millis) {
    return new Orders(failures, failure, millis, bytes, pieces, trailers, cut);
  }
}
