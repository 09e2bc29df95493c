package dev.pointsman.differential;

import java.util.List;

/**
 * A feature of a listener, from a ClientTrafficPolicy or an InferencePolicy on the listener.
 *
 * @param kind its name is the feature's name
 */
record ListenerFeature(Kind kind) implements Feature {
  /** The kinds. */
  enum Kind {
    /** Large buffers, as users set them for large prompts. */
    BUFFER("connection: {bufferLimit: 20Mi}"),
    /** A default model for requests without a model. */
    DEFAULT_MODEL(
        "headers: {earlyRequestHeaders: {addIfAbsent: [{name: X-Gateway-Model-Name, value: m0}]}}"),
    /** Changes of all requests' headers before routing. */
    EARLY_HEADERS(
        "headers: {earlyRequestHeaders: {set: [{name: x-early, value: set}], remove: [x-removed-early]}}"),
    /** Envoy's own headers. */
    ENVOY_HEADERS("headers: {enableEnvoyHeaders: true}"),
    /** An idle timeout above that of a pool's route. */
    IDLE("timeout: {http: {streamIdleTimeout: 1h}}"),
    /** Trailers over HTTP/1.1. */
    TRAILERS("http1: {enableTrailers: true}"),
    /** A lower body limit of Pointsman's. */
    BODY_LIMIT(""),
    /** Escaped slashes in paths that are unescaped before routing. */
    PATHS("path: {escapedSlashesAction: UnescapeAndForward}"),
    /** Changes of response headers after all filters. */
    LATE_HEADERS(
        "headers: {lateResponseHeaders: {set: [{name: x-late, value: set}], remove: [x-removed]}}"),
    /** Small buffers, as users set them to save memory. */
    SMALL_BUFFER("connection: {bufferLimit: 16Ki}"),
    /** Small windows of HTTP/2. */
    WINDOWS("http2: {initialStreamWindowSize: 64Ki, initialConnectionWindowSize: 64Ki}");

    /** The kinds that every seed draws; their order decides the situation of a seed. */
    static final List<Kind> FIRST =
        List.of(BUFFER, DEFAULT_MODEL, EARLY_HEADERS, ENVOY_HEADERS, IDLE, TRAILERS, BODY_LIMIT);
    /** The kinds that {@link ExtendedDraw} draws. */
    static final List<Kind> LAST = List.of(PATHS, LATE_HEADERS, SMALL_BUFFER, WINDOWS);

    private final String fields;

    Kind(String fields) {
      this.fields = fields;
    }
  }

  @Override
  public String name() {
    return kind.name();
  }

  @Override
  public List<String> clientTraffic() {
    return kind.fields.isEmpty() ? List.of() : List.of(kind.fields);
  }

  @Override
  public List<String> inference() {
    return kind == Kind.BODY_LIMIT ? List.of("model: {bodyLimit: 1Mi}") : List.of();
  }

  @Override
  public DrawnRequest vary(Draw draw, DrawnRequest request) {
    return switch (kind) {
      case EARLY_HEADERS -> request.with("x-removed-early", "by-client");
      case PATHS ->
        draw.percent(40) ? request.withPath(request.path().replaceFirst("(.)/", "$1%2F")) : request;
      default -> request;
    };
  }
}
