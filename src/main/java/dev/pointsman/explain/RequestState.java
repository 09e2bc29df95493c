package dev.pointsman.explain;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The state of a request at a point of its way: headers, dynamic metadata and filter state. */
final class RequestState {
  private final Map<String, String> headers;
  private final Map<String, Map<String, String>> metadata = new HashMap<>();
  private final Map<String, String> filterState = new HashMap<>();
  private boolean unreadable;

  RequestState(Map<String, String> headers) {
    this.headers = new TreeMap<>(headers);
  }

  /** The request as the next listener receives it. */
  RequestState forwarded() {
    return new RequestState(headers);
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(lower(name)));
  }

  void set(String name, String value) {
    headers.put(lower(name), value);
  }

  void remove(String name) {
    headers.remove(lower(name));
  }

  boolean hasHeader(Predicate<String> name) {
    return headers.keySet().stream().anyMatch(name);
  }

  void removeIf(Predicate<String> name) {
    headers.keySet().removeIf(name);
  }

  /** The path without its query. */
  String path() {
    String path = headers.getOrDefault(":path", "");
    int query = path.indexOf('?');
    return query < 0 ? path : path.substring(0, query);
  }

  /** The query's parameters, with their first value. */
  Map<String, String> query() {
    String path = headers.getOrDefault(":path", "");
    Map<String, String> query = new HashMap<>();
    int start = path.indexOf('?');
    if (start >= 0) {
      for (String parameter : path.substring(start + 1).split("&", -1)) {
        int equals = parameter.indexOf('=');
        query.putIfAbsent(
            equals < 0 ? parameter : parameter.substring(0, equals),
            equals < 0 ? "" : parameter.substring(equals + 1));
      }
    }
    return query;
  }

  Optional<String> metadata(String namespace, String key) {
    return Optional.ofNullable(metadata.getOrDefault(namespace, Map.of()).get(key));
  }

  void setMetadata(String namespace, String key, String value) {
    metadata.computeIfAbsent(namespace, _ -> new HashMap<>()).put(key, value);
  }

  Optional<String> filterState(String key) {
    return Optional.ofNullable(filterState.get(key));
  }

  void setFilterState(String key, String value) {
    filterState.put(key, value);
  }

  /** Envoy could not read the body as JSON. */
  void setUnreadable() {
    unreadable = true;
  }

  boolean isUnreadable() {
    return unreadable;
  }

  /** Whether it is a call of gRPC. */
  boolean isGrpc() {
    String type = header("content-type").orElse("");
    return type.equals("application/grpc") || type.startsWith("application/grpc+");
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
