package dev.pointsman.rig;

import dev.pointsman.config.HostPort;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Pods of a model server that needs no GPU: OpenAI's and Anthropic's APIs over HTTP/1.1, whole or as server-sent events. Every answer
 * says in {@code x-served-by} which pod gave it.
 *
 * <p>With {@code x-stub-report} in the request, the answer says under {@code stub} what reached the pod; with
 * {@code x-stub-trailer}, a whole answer ends with that trailer; with
 * {@code x-stub-hold}, a stream of events stops after the first until {@code /stub/release}.
 * Other paths: {@code .../upload} sends a body back while it arrives, a websocket upgrade on any path echoes, everything
 * else gets an empty object. Not through the gateway: {@code /stub/fault?status=503} makes the pod fail
 * ({@code status=0}: no more), {@code /stub/count} says how many requests it had and what the last one was;
 * {@code /metrics} is for endpoint pickers.
 */
public final class ModelServer {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String JSON_TYPE = "application/json";
  private static final long PAUSE_BETWEEN_PIECES_MS = 120;

  private final String pod;
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicInteger running = new AtomicInteger();
  private final Semaphore released = new Semaphore(0);
  private volatile int fault;
  private volatile ObjectNode last = JSON.createObjectNode();

  private ModelServer(String pod) {
    this.pod = pod;
  }

  /** Starts the pods {@code NAME=HOST:PORT ...} and says {@link Stub#READY} once all listen. */
  public static void main(String[] args) throws IOException {
    Stub.begin();
    for (String arg : args) {
      String[] nameAndAddress = arg.split("=", 2);
      ModelServer pod = new ModelServer(nameAndAddress[0]);
      TcpServer _ = TcpServer.http1(HostPort.parse(nameAndAddress[1]), pod::answer);
    }
    Stub.ready();
  }

  private boolean answer(Http1Exchange exchange, InputStream in, OutputStream out)
      throws IOException, InterruptedException {
    String path = exchange.path();
    if (path.startsWith("/stub/")) {
      control(exchange);
      return true;
    }
    if (path.equals("/metrics")) {
      exchange.body().readAllBytes();
      exchange.respond(200, "text/plain; version=0.0.4", Map.of(), bytes(metrics()));
      return true;
    }
    running.incrementAndGet();
    try {
      return serve(exchange, in, out);
    } finally {
      running.decrementAndGet();
    }
  }

  /** Answers one request for the model; says whether the connection can be used again. */
  private boolean serve(Http1Exchange exchange, InputStream in, OutputStream out)
      throws IOException, InterruptedException {
    String path = exchange.path();
    count.incrementAndGet();
    if (exchange.header("upgrade").equalsIgnoreCase("websocket")) {
      exchange.switchTo(WebSocketEcho.accept(exchange.header("sec-websocket-key")));
      WebSocketEcho.run(in, out);
      return false;
    }
    if (path.endsWith("/upload")) {
      sendBack(exchange);
      return true;
    }
    Received received = Received.all(exchange.body());
    ObjectNode seen = JSON.createObjectNode();
    report(exchange, received, seen);
    last = seen;
    if (fault != 0) {
      json(exchange, fault, JSON.createObjectNode().put("error", "told to fail"), received);
    } else if (path.equals("/v1/models")) {
      json(exchange, 200, Completions.models(pod, List.of(pod)), received);
    } else if (path.equals("/v1/chat/completions") || path.equals("/v1/completions")) {
      Completions answer = Completions.answering(pod, path, received.json());
      complete(exchange, received, answer::whole, () -> data(answer.pieces()));
    } else if (OtherApis.have(path)) {
      OtherApis answer = OtherApis.answering(pod, path, received.json());
      complete(exchange, received, answer::whole, answer::events);
    } else {
      json(exchange, 200, JSON.createObjectNode(), received);
    }
    return !exchange.header("connection").equalsIgnoreCase("close");
  }

  /** The metrics that endpoint pickers read, under vLLM's names. Nothing ever waits here, and there is no cache. */
  private String metrics() {
    return """
        # TYPE vllm:num_requests_running gauge
        vllm:num_requests_running %d
        # TYPE vllm:num_requests_waiting gauge
        vllm:num_requests_waiting 0
        # TYPE vllm:kv_cache_usage_perc gauge
        vllm:kv_cache_usage_perc 0
        """.formatted(running.get());
  }

  private void control(Http1Exchange exchange) throws IOException {
    exchange.body().readAllBytes();
    if (exchange.path().equals("/stub/fault")) {
      fault = Integer.parseInt(exchange.query("status"));
    }
    if (exchange.path().equals("/stub/release")) {
      released.release();
    }
    ObjectNode state = JSON.createObjectNode().put("fault", fault).put("count", count.get());
    state.set("last", last);
    exchange.respond(200, JSON_TYPE, Map.of(), bytes(state.toString()));
  }

  private static List<String> data(List<String> payloads) {
    return payloads.stream().map(payload -> "data: " + payload).toList();
  }

  private void complete(
      Http1Exchange exchange,
      Received received,
      Supplier<ObjectNode> whole,
      Supplier<List<String>> streamed)
      throws IOException, InterruptedException {
    if (!received.json().path("stream").asBoolean(false)) {
      json(exchange, 200, whole.get(), received);
      return;
    }
    try (OutputStream events =
        exchange.respondInChunks(200, "text/event-stream", Map.of("x-served-by", pod))) {
      boolean hold = !exchange.header("x-stub-hold").isEmpty();
      for (String event : streamed.get()) {
        events.write(bytes(event + "\n\n"));
        if (hold) {
          released.acquire();
          hold = false;
        }
        Thread.sleep(PAUSE_BETWEEN_PIECES_MS);
      }
    }
  }

  private void sendBack(Http1Exchange exchange) throws IOException {
    try (OutputStream echo =
        exchange.respondInChunks(200, "application/octet-stream", Map.of("x-served-by", pod))) {
      byte[] buffer = new byte[64 << 10];
      for (int n = exchange.body().read(buffer); n >= 0; n = exchange.body().read(buffer)) {
        echo.write(buffer, 0, n);
      }
    }
  }

  private void json(Http1Exchange exchange, int status, ObjectNode answer, Received received)
      throws IOException {
    if (!exchange.header("x-stub-report").isEmpty()) {
      report(exchange, received, answer.putObject("stub"));
    }
    Map<String, String> servedBy = Map.of("x-served-by", pod);
    String trailer = exchange.header("x-stub-trailer");
    if (trailer.isEmpty()) {
      exchange.respond(status, JSON_TYPE, servedBy, bytes(answer.toString()));
      return;
    }
    try (OutputStream chunks =
        exchange.respondInChunks(status, JSON_TYPE, servedBy, Map.of("x-stub-trailer", trailer))) {
      chunks.write(bytes(answer.toString()));
    }
  }

  private void report(Http1Exchange exchange, Received received, ObjectNode stub) {
    stub.put("served_by", pod)
        .put("method", exchange.method())
        .put("path", exchange.path())
        .put("body_bytes", received.body().length)
        .put("body_sha256", received.sha256());
    ObjectNode headers = stub.putObject("headers");
    exchange.headers().forEach((name, values) -> headers.put(name, String.join(", ", values)));
    ObjectNode trailers = stub.putObject("trailers");
    exchange.trailers().forEach(trailers::put);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** A request's body, whole. */
  private record Received(byte[] body) {
    static Received all(InputStream in) throws IOException {
      return new Received(in.readAllBytes());
    }

    JsonNode json() {
      try {
        @Nullable JsonNode tree = JSON.readTree(body);
        return tree == null ? MissingNode.getInstance() : tree;
      } catch (JacksonException _) {
        return MissingNode.getInstance();
      }
    }

    String sha256() {
      try {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
