package dev.pointsman.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.pointsman.rig.Http;
import dev.pointsman.rig.RealEnvoy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * A real Envoy with what we make of a recorded translation and the access log of the chart's preset, with one more field
 * of a user's: the backend as Envoy Gateway's endpoints name it.
 */
final class LoggedGateway implements AutoCloseable {
  private static final Path PRESET = Path.of("charts", "pointsman", "files", "access-log.yaml");
  private static final Duration SOON = Duration.ofSeconds(30);

  private final RealEnvoy envoy;
  private final Path log;
  private final int port;
  private final List<String> sent = new ArrayList<>();

  private LoggedGateway(RealEnvoy envoy, String listener, Path log) {
    this.envoy = envoy;
    this.log = log;
    port = envoy.listenerPort(listener);
  }

  /**
   * Starts it.
   *
   * @param listener the gateway's listener
   * @param objects as YAML, beside the recorded ones
   */
  static LoggedGateway start(
      String version,
      String listener,
      Network network,
      Path recorded,
      Path folder,
      String... objects)
      throws IOException {
    Path log = folder.resolve("access.log");
    String bootstrap =
        logged(OwnAnswers.bootstrap(network, recorded, folder, objects), listener, log);
    return new LoggedGateway(RealEnvoy.start(version, bootstrap), listener, log);
  }

  private static String logged(String bootstrap, String listener, Path log) throws IOException {
    YAMLMapper yaml = new YAMLMapper();
    JsonNode logged = yaml.readTree(bootstrap);
    ObjectNode format = (ObjectNode) yaml.readTree(Files.readString(PRESET));
    format.put("backend", "%METADATA(UPSTREAM_HOST:envoy-gateway:backend:name)%");
    ObjectNode logger = JsonMapper.shared().createObjectNode();
    logger
        .put("name", "envoy.access_loggers.file")
        .putObject("typedConfig")
        .put("@type", "type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog")
        .put("path", log.toString())
        .putObject("logFormat")
        .set("jsonFormat", format);
    for (JsonNode one : logged.at("/staticResources/listeners")) {
      if (one.path("name").asString().equals(listener)) {
        one.findValues("typedConfig").stream()
            .filter(config -> config.has("httpFilters"))
            .forEach(manager -> ((ObjectNode) manager).putArray("accessLog").add(logger));
      }
    }
    return yaml.writeValueAsString(logged);
  }

  /** The path of a request. */
  static String path(String request, int bytes) {
    return "/v1/" + request + "/" + bytes;
  }

  /** Sends a request whose response must have the status, and returns the response's body. */
  @CanIgnoreReturnValue
  String send(String request, String model, int bytes, int status) {
    HttpResponse<String> response = post(path(request, bytes), model, bytes);
    assertThat(response.statusCode()).as(request + response.body()).isEqualTo(status);
    assertThat(response.headers().map().keySet())
        .noneMatch(header -> status == 200 && bytes > 4_000_000 && header.contains("pointsman"));
    return response.body();
  }

  void awaitStatus(int status, String model) {
    await(model + " to answer " + status)
        .atMost(SOON)
        .ignoreExceptionsInstanceOf(UncheckedIOException.class) // the listener starts last
        .until(() -> post(path("start-" + sent.size(), 200), model, 200).statusCode() == status);
  }

  /** Sends a HEAD request, which no picker gets. */
  void head(String request) {
    URI uri = URI.create("http://127.0.0.1:" + port + path(request, 0));
    HttpResponse<String> _ =
        Http.send(HttpRequest.newBuilder(uri).HEAD().timeout(SOON).build());
    sent.add(path(request, 0));
  }

  /** Waits until each of the pools' pickers has so many healthy hosts. */
  void awaitPickers(int hosts, String... pools) {
    for (String pool : pools) {
      String healthy = "cluster.pointsman/picker/default/" + pool + "-epp/9002.membership_healthy";
      await(healthy).atMost(SOON).until(() -> envoy.stat(healthy) == hosts);
    }
  }

  /** Envoy's statistics for Prometheus. */
  String scrape() {
    return envoy.admin("/stats/prometheus");
  }

  private HttpResponse<String> post(String path, String model, int bytes) {
    ObjectNode body = JsonMapper.shared().createObjectNode();
    body.put("model", model).put("prompt", "x".repeat(bytes));
    HttpRequest request = HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + port + path + "?secret=1"))
        .timeout(SOON)
        .header("content-type", "application/json")
        .POST(BodyPublishers.ofByteArray(body.toString().getBytes(StandardCharsets.UTF_8)))
        .build();
    HttpResponse<String> response = Http.send(request);
    sent.add(path);
    return response;
  }

  /** The lines by path, once each request has one. */
  Map<String, JsonNode> lines() {
    Map<String, JsonNode> lines = new HashMap<>();
    List<String> paths = new ArrayList<>();
    await("a line for each request").atMost(SOON).until(() -> {
      lines.clear();
      paths.clear();
      for (String line : Files.readAllLines(log)) {
        JsonNode json = JsonMapper.shared().readTree(line);
        paths.add(json.path("path").asString());
        lines.put(json.path("path").asString(), json);
      }
      return paths.containsAll(sent);
    });
    assertThat(paths).containsExactlyInAnyOrderElementsOf(sent);
    return lines;
  }

  @Override
  public void close() {
    envoy.close();
  }
}
