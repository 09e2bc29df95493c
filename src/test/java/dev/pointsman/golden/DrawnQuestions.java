package dev.pointsman.golden;

import dev.pointsman.explain.AskedRequest;
import dev.pointsman.explain.AskedRequest.AskedBody;
import dev.pointsman.explain.GatewayXds;
import dev.pointsman.xds.XdsNames;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Requests around the routes of a translation: those that a route takes, and those that it nearly takes. */
final class DrawnQuestions {
  private static final List<String> TYPES = List.of(
      "application/json; charset=utf-8",
      "application/vnd.api+json",
      "APPLICATION/JSON",
      "text/plain",
      "application/jsonp",
      "application/x-www-form-urlencoded",
      "application/grpc");
  private static final List<String> METHODS =
      List.of("GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS");
  private static final List<String> SUFFIXES = List.of(
      "x",
      "/..",
      "/../v1",
      "//",
      "/",
      "/./x",
      "?q=1",
      "?a#b",
      "%2Fx",
      "%2e%2e/x",
      "%41",
      "/%7Ea",
      "\\x",
      "/a%5Cb",
      "/{x}",
      "%zz",
      "/a%20b");
  private static final List<String> BODIES = List.of(
      "",
      "{}",
      "[]",
      "\"text\"",
      "nonsense",
      "{\"model\":",
      "{\"model\":null}",
      "{\"model\":7}",
      "{\"model\":1.5}",
      "{\"model\":true}",
      "{\"model\":\"\"}",
      "{\"model\":{\"a\":1}}",
      "{\"model\":[\"qwen\"]}",
      "{\"messages\":{\"model\":\"qwen\"}}",
      "{\"model\":\"a\\u0000b\"}",
      "{\"model\":\"a\\nb\"}",
      "{\"model\":\"\\ud800\"}",
      "{\"seed\":9223372036854775808,\"model\":\"qwen\"}",
      "{\"seed\":18446744073709551616,\"model\":\"qwen\"}",
      "{\"model\":\"qwen\"} x",
      "{\"model\":\"other\",\"model\":\"qwen\"}");

  private static final String FORM = "multipart/form-data; boundary=xyz";
  private static final List<String> SURFACES = List.of(
      "/v1/audio/transcriptions",
      "/v1/images/edits?model=MODEL",
      "/v1/files",
      "/v1/realtime?model=MODEL",
      "/x?a=b&mod%65l=MODEL",
      "/x?model=MODEL&model=qwen",
      "/x?model=%zz",
      "/x?model=",
      "/v1/models/MODEL",
      "/v1beta/models/MODEL:generateContent",
      "/openai/deployments/MODEL/chat/completions",
      "/openai/deployments/MODEL",
      "/v1/models/MODEL/v1/models/x");
  private static final List<String> PARTS = List.of(
      "Content-Disposition: form-data; name=\"model\"\r\n\r\nMODEL",
      "content-disposition:form-data;name=model\r\n\r\nMODEL",
      "Content-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\nRIFF",
      "Content-Disposition: form-data; name=\"mod%65l\"\r\n\r\nMODEL",
      "X: y\r\n\r\nMODEL");

  private final Random random;
  private final boolean renames;
  private final List<String> hosts = new ArrayList<>();
  private final List<String> paths = new ArrayList<>();
  private final List<String> models = new ArrayList<>();
  private final List<Map.Entry<String, String>> headers = new ArrayList<>();

  DrawnQuestions(GatewayXds xds, long seed) {
    random = new Random(seed);
    // Explanations do not tell that a form cannot have its model renamed.
    renames = xds.clusters().values().stream()
        .map(one -> one.toString())
        .anyMatch(one -> one.contains("pointsman/other-name") || one.contains("pointsman/stages"));
    hosts.addAll(List.of("localhost", "unknown.example.com"));
    paths.addAll(List.of("/v1/chat/completions", "/v1/models", "/v1/models/qwen", "/"));
    models.addAll(List.of("unknown", "QWEN", "x".repeat(300), "x".repeat(9000)));
    for (RouteConfiguration table : xds.routes().values()) {
      if (!XdsNames.isOurs(table.getName())) {
        table.getVirtualHostsList().forEach(this::add);
      }
    }
  }

  private void add(VirtualHost host) {
    host.getDomainsList().forEach(domain -> hosts.add(domain.replace("*", "any")));
    for (Route route : host.getRoutesList()) {
      RouteMatch match = route.getMatch();
      String path = match.getPath() + match.getPrefix() + match.getPathSeparatedPrefix();
      if (path.startsWith("/")) {
        paths.add(path);
      }
      match.getHeadersList().stream()
          .filter(header -> header.getStringMatch().hasExact())
          .forEach(this::add);
    }
  }

  private void add(HeaderMatcher header) {
    String value = header.getStringMatch().getExact();
    if (header.getName().equalsIgnoreCase(XdsNames.MODEL_HEADER)) {
      models.add(value);
    } else if (!header.getName().startsWith(":")) {
      headers.add(Map.entry(header.getName(), value));
    }
  }

  /** The next request. */
  AskedRequest next(String listener) {
    boolean hasBody = isIn(80);
    Map<String, String> sent = new TreeMap<>();
    AskedBody body = hasBody ? body() : AskedBody.NONE;
    String method = hasBody ? isIn(90) ? "POST" : METHODS.get(1 + random.nextInt(2)) : one(METHODS);
    if (hasBody ? isIn(95) : isIn(10)) {
      sent.put("content-type", isIn(75) ? "application/json" : one(TYPES));
    }
    if (isIn(3)) {
      sent.put("content-encoding", isIn(50) ? "gzip" : "identity");
    }
    if (isIn(10)) {
      sent.put("x-gateway-model-name", one(models));
    }
    if (isIn(2)) {
      sent.put("under_score", "1");
    }
    while (!headers.isEmpty() && isIn(30)) {
      Map.Entry<String, String> header = one(headers);
      sent.put(header.getKey(), header.getValue());
    }
    String host = one(hosts) + (isIn(20) ? ":8080" : "");
    String path = isIn(60) ? "/v1/chat/completions" : one(paths) + (isIn(50) ? one(SUFFIXES) : "");
    return !renames && isIn(20)
        ? onSurface(listener, host, new TreeMap<>(sent), body)
        : new AskedRequest(listener, host, method, path, new TreeMap<>(sent), body);
  }

  /** A request that may name its model in a form, in its query or in its path. */
  private AskedRequest onSurface(
      String listener, String host, TreeMap<String, String> headers, AskedBody drawn) {
    String model =
        one(models.stream().filter(name -> name.matches("[\\w.-]{1,99}")).toList());
    String path = one(SURFACES).replace("MODEL", model);
    if (isIn(30)) {
      headers.remove("content-type");
      return new AskedRequest(listener, host, "GET", path, headers, AskedBody.NONE);
    }
    AskedBody body = drawn;
    if (isIn(60)) {
      headers.put("content-type", FORM);
      body = AskedBody.of(form(isIn(80) ? model : "other"));
    } else if (isIn(30)) {
      headers.put("content-type", one(TYPES));
    }
    return new AskedRequest(listener, host, "POST", path, headers, body);
  }

  private String form(String model) {
    StringBuilder form = new StringBuilder();
    for (int i = 1 + random.nextInt(2); i > 0; i--) {
      form.append("--xyz\r\n").append(one(PARTS).replace("MODEL", model)).append("\r\n");
    }
    return form.append(isIn(90) ? "--xyz--\r\n" : "").toString();
  }

  private AskedBody body() {
    String text =
        isIn(30) ? one(BODIES) : "{\"model\":\"" + one(models).replace("\"", "\\\"") + "\"}";
    AskedBody body = AskedBody.of(text);
    long bytes = isIn(3) && text.startsWith("{") && text.endsWith("}") ? 5_000_000 : body.bytes();
    return new AskedBody(body.text(), bytes, isIn(20));
  }

  /** The bytes of a body: its text, padded to its size. */
  static byte[] bytes(AskedBody body) {
    StringBuilder text = new StringBuilder(body.text().orElse(""));
    text.append(
        " ".repeat((int) (body.bytes() - text.toString().getBytes(StandardCharsets.UTF_8).length)));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private boolean isIn(int percent) {
    return random.nextInt(100) < percent;
  }

  private <T> T one(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }
}
