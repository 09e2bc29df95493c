package dev.pointsman.differential;

import java.util.List;

/**
 * Features of a listener: ClientTrafficPolicy, and InferencePolicy on the listener.
 *
 * @param kind in the words of the list of expected differences
 */
record Listening(Kind kind) implements Feature {
  /** The kinds. */
  enum Kind {
    /** Large buffers, as users set them for large prompts. */
    BUFFER("connection: {bufferLimit: 20Mi}"),
    /** A default for requests that name no model. */
    DEFAULT_MODEL(
        "headers: {earlyRequestHeaders: {addIfAbsent: [{name: X-Gateway-Model-Name, value: m0}]}}"),
    /** Headers for everybody. */
    EARLY_HEADERS(
        "headers: {earlyRequestHeaders: {set: [{name: x-early, value: set}], remove: [x-removed-early]}}"),
    /** Envoy's own headers in the answers. */
    ENVOY_HEADERS("headers: {enableEnvoyHeaders: true}"),
    /** An idle bound above that of a pool's route. */
    IDLE("timeout: {http: {streamIdleTimeout: 1h}}"),
    /** Trailers over HTTP/1.1. */
    TRAILERS("http1: {enableTrailers: true}"),
    /** A lower body limit, which only Pointsman has. */
    BODY_LIMIT(""),
    /** Escaped slashes in paths that separate, before a route is looked for. */
    PATHS("path: {escapedSlashesAction: UnescapeAndForward}"),
    /** Headers of answers, behind all filters. */
    LATE_HEADERS(
        "headers: {lateResponseHeaders: {set: [{name: x-late, value: set}], remove: [x-removed]}}"),
    /** Small buffers, as users set them to save memory. */
    SMALL_BUFFER("connection: {bufferLimit: 16Ki}"),
    /** Small windows of HTTP/2. */
    WINDOWS("http2: {initialStreamWindowSize: 64Ki, initialConnectionWindowSize: 64Ki}");

    /** The kinds that every seed draws; their order says what a seed means. */
    static final List<Kind> FIRST =
        List.of(BUFFER, DEFAULT_MODEL, EARLY_HEADERS, ENVOY_HEADERS, IDLE, TRAILERS, BODY_LIMIT);
    /** The kinds that came last. */
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
  public Ask vary(Draw draw, Ask ask) {
    return switch (kind) {
      case EARLY_HEADERS -> ask.with("x-removed-early", "by-client");
      case PATHS -> draw.percent(40) ? ask.withPath(ask.path().replaceFirst("(.)/", "$1%2F")) : ask;
      default -> ask;
    };
  }
}
