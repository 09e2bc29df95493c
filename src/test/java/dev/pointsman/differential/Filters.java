package dev.pointsman.differential;

import java.util.List;

/** Features of the HTTPRoute itself: filters and session persistence. */
final class Filters {
  private Filters() {}

  /** RequestHeaderModifier and ResponseHeaderModifier. */
  record ChangeHeaders(boolean request, boolean response) implements Feature {
    private static final String CHANGES =
        "{set: [{name: x-set, value: by-route}], add: [{name: x-added, value: by-route}], remove: [x-removed]}";

    @Override
    public List<String> filters(Place place, Side side) {
      String requests = "{type: RequestHeaderModifier, requestHeaderModifier: " + CHANGES + "}";
      String responses = "{type: ResponseHeaderModifier, responseHeaderModifier: " + CHANGES + "}";
      return request && response
          ? List.of(requests, responses)
          : List.of(request ? requests : responses);
    }

    @Override
    public Ask vary(Draw draw, Ask ask) {
      return ask.with("x-set", "by-client")
          .with("x-added", "by-client")
          .with("x-removed", "by-client");
    }
  }

  /** URLRewrite: the path, as {@code path} says, or the hostname. */
  record Rewrite(String hostname, boolean wholePath) implements Feature {
    @Override
    public List<String> filters(Place place, Side side) {
      String path = wholePath
          ? "{type: ReplaceFullPath, replaceFullPath: /elsewhere}"
          : "{type: ReplacePrefixMatch, replacePrefixMatch: /moved}";
      String host = hostname.isEmpty() ? "" : "hostname: " + hostname + ", ";
      return List.of("{type: URLRewrite, urlRewrite: {" + host + "path: " + path + "}}");
    }
  }

  /**
   * Origins of browsers that may ask.
   *
   * @param inPolicy whether a SecurityPolicy says so, and not a filter of the HTTPRoute
   */
  record Cors(boolean inPolicy) implements Feature {
    static final String ORIGIN = "https://app.example.com";

    @Override
    public List<String> filters(Place place, Side side) {
      return inPolicy ? List.of() : List.of("{type: CORS, " + cors("600") + "}");
    }

    @Override
    public List<String> security(Place place) {
      return inPolicy ? List.of(cors("600s")) : List.of();
    }

    private static String cors(String maxAge) {
      return "cors: {allowOrigins: [\"" + ORIGIN
          + "\"], allowMethods: [POST, GET], allowHeaders: [x-api-key, content-type], exposeHeaders: [x-served-by], maxAge: "
          + maxAge + "}";
    }

    @Override
    public Ask vary(Draw draw, Ask ask) {
      Ask fromApp = ask.with("origin", draw.percent(70) ? ORIGIN : "https://evil.example.com");
      return draw.percent(30)
          ? fromApp.bodyless("OPTIONS").with("access-control-request-method", "POST")
          : fromApp;
    }
  }

  /**
   * Copies of all requests.
   *
   * @param byPolicy whether an InferencePolicy asks for them; a RequestMirror filter does on the stock gateway
   */
  record Mirror(Backend to, boolean byPolicy) implements Feature {
    @Override
    public List<Backend> backends() {
      return List.of(to);
    }

    @Override
    public List<String> filters(Place place, Side side) {
      if (byPolicy && side == Side.POINTSMAN) {
        return List.of();
      }
      return List.of("{type: RequestMirror, requestMirror: {backendRef: "
          + "{group: gateway.envoyproxy.io, kind: Backend, name: " + to.name() + "}}}");
    }

    @Override
    public List<String> inference() {
      return byPolicy ? List.of("mirrors: [{pool: {name: " + to.name() + "}}]") : List.of();
    }
  }

  /** Session persistence of the rule; see {@link Ask#headers}: the client brings back the session that it was given. */
  record Persistence(boolean cookie) implements Feature {
    /** The session's name, of the cookie or of the header. */
    static final String NAME = "x-differential-session";

    @Override
    public List<String> ruleFields() {
      return List.of("sessionPersistence: {sessionName: " + NAME + ", type: "
          + (cookie ? "Cookie" : "Header") + "}");
    }
  }
}
