package dev.pointsman.kube.api;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Lists and watches as an API server does, and fails as one does, when a test wants it to. */
final class StandInApiServer implements AutoCloseable {
  /** An answer in place of what would be said, for so many requests. */
  record Failure(int code, int times, Map<String, String> headers, String body) {}

  private final HttpServer http;
  private final Map<String, String> objects = new ConcurrentHashMap<>(); // by path of the object
  private final Map<String, Failure> failures = new ConcurrentHashMap<>(); // by collection
  private final Map<String, List<OutputStream>> watches = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private int version = 100;

  StandInApiServer() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    http.createContext("/", this::answer);
    http.start();
  }

  ApiAccess access(Path folder) throws IOException {
    Path token = Files.writeString(folder.resolve("token"), "first");
    Path file = Files.writeString(
        folder.resolve("kubeconfig"), """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
        users: [{name: u, user: {tokenFile: "%s"}}]
        contexts: [{name: x, context: {cluster: c, user: u}}]
        current-context: x
        """.formatted(http.getAddress().getPort(), token));
    return ApiAccess.find(Optional.of(file));
  }

  /** The requests, oldest first. */
  List<String> requests() {
    return requests;
  }

  void fail(String collection, Failure failure) {
    failures.put(collection, failure);
  }

  /** Stores an object and tells the watches, as an API server does. */
  synchronized void put(String collection, String name, String json) throws IOException {
    boolean there = objects.containsKey(collection + "/" + name);
    send(collection, event(there ? "MODIFIED" : "ADDED", store(collection, name, json)));
  }

  /** Stores an object that no watch hears of. */
  synchronized String store(String collection, String name, String json) {
    version++;
    String object = json.replace("VERSION", Integer.toString(version));
    objects.put(collection + "/" + name, object);
    return object;
  }

  synchronized void delete(String collection, String name) throws IOException {
    send(collection, event("DELETED", objects.remove(collection + "/" + name)));
  }

  /** Says something on the collection's watches. */
  synchronized void send(String collection, String text) throws IOException {
    for (OutputStream watch : watches.getOrDefault(collection, List.of())) {
      watch.write((text + "\n").getBytes(StandardCharsets.UTF_8));
      watch.flush();
    }
  }

  /** Ends the collection's watches in the middle. */
  synchronized void cut(String collection) throws IOException {
    for (OutputStream watch : watches.getOrDefault(collection, List.of())) {
      watch.close();
    }
    watches.remove(collection);
  }

  /** The number of watches of the collection. */
  int watching(String collection) {
    return watches.getOrDefault(collection, List.of()).size();
  }

  static String event(String type, @Nullable String object) {
    return "{\"type\": \"" + type + "\", \"object\": " + object + "}";
  }

  private void answer(HttpExchange exchange) throws IOException {
    String collection = exchange.getRequestURI().getPath();
    String query = String.valueOf(exchange.getRequestURI().getQuery());
    requests.add(
        collection + "?" + query + " " + exchange.getRequestHeaders().getFirst("Authorization"));
    Failure failure = failures.computeIfPresent(
        collection,
        (_, one) -> one.times() == 0
            ? null
            : new Failure(one.code(), one.times() - 1, one.headers(), one.body()));
    if (failure != null) {
      failure.headers().forEach(exchange.getResponseHeaders()::set);
      write(exchange, failure.code(), failure.body());
    } else if (query.contains("watch=true")) {
      watch(exchange, collection);
    } else {
      write(exchange, 200, list(collection));
    }
  }

  private synchronized void watch(HttpExchange exchange, String collection) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    OutputStream body = exchange.getResponseBody();
    body.flush();
    watches.computeIfAbsent(collection, _ -> new CopyOnWriteArrayList<>()).add(body);
  }

  private synchronized String list(String collection) {
    List<String> items = new ArrayList<>();
    objects.forEach((path, object) -> {
      if (path.startsWith(collection + "/")) {
        items.add(object);
      }
    });
    return "{\"kind\": \"List\", \"metadata\": {\"resourceVersion\": \"" + version
        + "\"}, \"items\": [" + String.join(",", items) + "]}";
  }

  private static void write(HttpExchange exchange, int code, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
    try (OutputStream body = exchange.getResponseBody()) {
      body.write(bytes);
    }
  }

  @Override
  public void close() {
    http.stop(0);
  }
}
