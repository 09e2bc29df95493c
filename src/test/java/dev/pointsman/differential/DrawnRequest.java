package dev.pointsman.differential;

import java.util.Map;
import java.util.TreeMap;

/**
 * A request as it is drawn. It is the same on both sides, except for the model header, which only the client of the
 * stock gateway sets.
 *
 * @param number its number in the situation
 * @param gateway the number of the Gateway that it is sent to
 * @param rule the number of the intended rule; Envoy may select another
 * @param size of the body in bytes
 * @param model in the body; empty: no body, or one that is no JSON
 * @param headers without host and length, names in lower case
 * @param instructions for the pod that responds
 * @param copies how often it is sent; of several, only the shares of the backends are compared
 */
record DrawnRequest(
    int number,
    int gateway,
    int rule,
    String method,
    String path,
    boolean http2,
    Framing framing,
    int size,
    String model,
    Map<String, String> headers,
    Map<String, String> trailers,
    PodInstructions instructions,
    Behavior behavior,
    int copies) {
  /** The framing of the body. */
  enum Framing {
    NONE,
    LENGTH,
    CHUNKED
  }

  /** The behavior of the client. */
  enum Behavior {
    /** Sends the whole request and reads the whole response. */
    NORMAL,
    /** Closes the connection or resets the stream after half of the body. */
    ABORTS,
    /** Sends each copy with the session that it received. */
    RETURNS,
    /** Requests a websocket and sends a frame over it. */
    UPGRADES
  }

  DrawnRequest {
    headers = Map.copyOf(headers);
    trailers = Map.copyOf(trailers);
  }

  /** The request with another header. */
  DrawnRequest with(String name, String value) {
    Map<String, String> more = new TreeMap<>(headers);
    more.put(name, value);
    return new DrawnRequest(
        number,
        gateway,
        rule,
        method,
        path,
        http2,
        framing,
        size,
        model,
        more,
        trailers,
        instructions,
        behavior,
        copies);
  }

  /** The request with other instructions for the pod. */
  DrawnRequest with(PodInstructions instructions) {
    return new DrawnRequest(
        number,
        gateway,
        rule,
        method,
        path,
        http2,
        framing,
        size,
        model,
        headers,
        trailers,
        instructions,
        behavior,
        copies);
  }

  /** The request to another Gateway. */
  DrawnRequest at(int other) {
    return new DrawnRequest(
        number,
        other,
        rule,
        method,
        path,
        http2,
        framing,
        size,
        model,
        headers,
        trailers,
        instructions,
        behavior,
        copies);
  }

  /** The request with another path. */
  DrawnRequest withPath(String other) {
    return new DrawnRequest(
        number,
        gateway,
        rule,
        method,
        other,
        http2,
        framing,
        size,
        model,
        headers,
        trailers,
        instructions,
        behavior,
        copies);
  }

  /** The request with a body of another size; a body that is too small has no model. */
  DrawnRequest withBody(int bytes, String otherModel) {
    return new DrawnRequest(
        number,
        gateway,
        rule,
        method,
        path,
        http2,
        framing,
        bytes,
        otherModel,
        headers,
        trailers,
        instructions,
        behavior,
        copies);
  }

  /** The request without a body and with another method. */
  DrawnRequest bodyless(String other) {
    return new DrawnRequest(
        number,
        gateway,
        rule,
        other,
        path,
        http2,
        Framing.NONE,
        0,
        "",
        headers,
        Map.of(),
        instructions,
        behavior,
        copies);
  }

  @Override
  public String toString() {
    return "#%d gateway %d rule %d: %s %s over %s, body %s of %d bytes, model \"%s\", headers %s, trailers %s, instructions \"%s\", %s, %d times"
        .formatted(
            number,
            gateway,
            rule,
            method,
            path,
            http2 ? "HTTP/2" : "HTTP/1.1",
            framing,
            size,
            model,
            new TreeMap<>(headers),
            trailers,
            instructions.text(),
            behavior,
            copies);
  }
}
