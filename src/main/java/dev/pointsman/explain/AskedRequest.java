package dev.pointsman.explain;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The request to explain, as the client sends it.
 *
 * @param listener the listener's name or port; empty if the host decides
 * @param host the {@code Host} header, with or without a port; empty for the one among the headers, or else the first host of
 *     the Gateway
 * @param path with the query
 * @param headers by lower-case name, without those that follow from the other components
 */
public record AskedRequest(
    String listener,
    String host,
    String method,
    String path,
    SortedMap<String, String> headers,
    AskedBody body) {
  /**
   * A request's body.
   *
   * @param text empty for a request without a body
   * @param bytes its size, which may be larger than the text's
   * @param chunked whether its length is not known from a header
   */
  public record AskedBody(Optional<String> text, long bytes, boolean chunked) {
    /** No body. */
    public static final AskedBody NONE = new AskedBody(Optional.empty(), 0, false);

    /** A body of this text. */
    public static AskedBody of(String text) {
      return new AskedBody(Optional.of(text), text.getBytes(StandardCharsets.UTF_8).length, false);
    }

    /** The body in another size. */
    public AskedBody ofBytes(long size) {
      return new AskedBody(text, size, chunked);
    }
  }

  /** The values of one header as one. */
  public static String together(String lowerCaseName, String one, String other) {
    return one + (lowerCaseName.equals("cookie") ? "; " : ",") + other;
  }

  public AskedRequest {
    requireNonNull(listener, "listener");
    requireNonNull(host, "host");
    requireNonNull(method, "method");
    requireNonNull(path, "path");
    requireNonNull(headers, "headers");
    requireNonNull(body, "body");
    SortedMap<String, String> lower = new TreeMap<>();
    headers.forEach((name, value) -> {
      String key = name.toLowerCase(Locale.ROOT);
      lower.merge(key, value, (one, other) -> together(key, one, other));
    });
    String ofHeaders = lower.remove("host");
    host = host.isEmpty() && ofHeaders != null ? ofHeaders : host;
    headers = Collections.unmodifiableSortedMap(lower);
  }

  /** The request to another host. */
  AskedRequest to(String otherHost) {
    return new AskedRequest(listener, otherHost, method, path, headers, body);
  }

  /** The request to another listener. */
  AskedRequest on(String otherListener) {
    return new AskedRequest(otherListener, host, method, path, headers, body);
  }

  /** The request with another body. */
  AskedRequest with(AskedBody other) {
    return new AskedRequest(listener, host, method, path, headers, other);
  }

  /** All headers, those of HTTP/2's request line included. */
  Map<String, String> allHeaders() {
    SortedMap<String, String> all = new TreeMap<>(headers);
    all.put(":authority", host);
    all.put(":method", method);
    all.put(":path", path);
    if (body.chunked()) {
      all.put("transfer-encoding", "chunked");
    } else if (body.text().isPresent()) {
      all.put("content-length", Long.toString(body.bytes()));
    }
    return all;
  }

  /** The host without its port, in lower case. */
  String hostName() {
    String name = host.toLowerCase(Locale.ROOT);
    int colon = name.lastIndexOf(':');
    return colon > name.lastIndexOf(']') ? name.substring(0, colon) : name;
  }
}
