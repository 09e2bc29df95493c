package dev.pointsman.differential;

import java.util.Map;
import java.util.TreeMap;

/**
 * A request as it is drawn, the same for both sides but for the model's header, which only the stock gateway's client
 * sets.
 *
 * @param number in the situation
 * @param gateway to whose listener it goes
 * @param rule that it is meant for; another may take it
 * @param size of the body in bytes
 * @param model in the body; empty: no body, or one that is no JSON
 * @param headers beside host, content type and length, names in lower case
 * @param tell words for the pod that answers, see {@link Orders}
 * @param copies how many of them are sent; only their shares of the backends are compared where there are several
 */
record Ask(
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
    Orders tell,
    Ending ending,
    int copies) {
  /** How the body's length is told. */
  enum Framing {
    NONE,
    LENGTH,
    CHUNKED
  }

  /** How the client behaves. */
  enum Ending {
    /** Sends all and reads all. */
    NORMAL,
    /** Closes the connection, or resets the stream, with half of the body sent. */
    ABORTS,
    /** Comes again, for each copy, with the session that it was given. */
    RETURNS,
    /** Asks for a websocket, and sends a frame once it has one. */
    UPGRADES
  }

  Ask {
    headers = Map.copyOf(headers);
    trailers = Map.copyOf(trailers);
  }

  /** With one header more. */
  Ask with(String name, String value) {
    Map<String, String> more = new TreeMap<>(headers);
    more.put(name, value);
    return new Ask(
        number, gateway, rule, method, path, http2, framing, size, model, more, trailers, tell,
        ending, copies);
  }

  /** With other orders for the pod. */
  Ask with(Orders orders) {
    return new Ask(
        number, gateway, rule, method, path, http2, framing, size, model, headers, trailers, orders,
        ending, copies);
  }

  /** To another Gateway. */
  Ask at(int other) {
    return new Ask(
        number, other, rule, method, path, http2, framing, size, model, headers, trailers, tell,
        ending, copies);
  }

  /** With another path. */
  Ask withPath(String other) {
    return new Ask(
        number, gateway, rule, method, other, http2, framing, size, model, headers, trailers, tell,
        ending, copies);
  }

  /** With a body of another size; one too small for a model has none. */
  Ask withBody(int bytes, String otherModel) {
    return new Ask(
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
        tell,
        ending,
        copies);
  }

  /** Without a body, by another method. */
  Ask bodyless(String other) {
    return new Ask(
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
        tell,
        ending,
        copies);
  }

  @Override
  public String toString() {
    return "#%d gateway %d rule %d: %s %s over %s, body %s of %d bytes, model \"%s\", headers %s, trailers %s, pod told \"%s\", %s, %d times"
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
            tell.text(),
            ending,
            copies);
  }
}
