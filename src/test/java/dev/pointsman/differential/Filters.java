package dev.pointsman.differential;

import java.util.List;

/** Features of the HTTPRoute: filters and session persistence. */
final class Filters {
  private Filters() {}

  /** RequestHeaderModifier and ResponseHeaderModifier. */
  record ChangeHeaders(boolean requests, boolean responses) implements Feature {
    private static final String CHANGES =
        "{set: [{name: x-set, value: by-route}], add: [{name: x-added, value: by-route}], remove: [x-removed]}";

    @Override
    public List<String> filters(Attachment attachment, Side side) {
      String requestChanges =
          "{type: RequestHeaderModifier, requestHeaderModifier: " + CHANGES + "}";
      String responseChanges =
          "{type: ResponseHeaderModifier, responseHeaderModifier: " + CHANGES + "}";
      return requests && responses
          ? List.of(requestChanges, responseChanges)
          : List.of(requests ? requestChanges : responseChanges);
    }

    @Override
    public DrawnRequest vary(Draw draw, DrawnRequest request) {
      return request
          .with("x-set", "by-client")
          .with("x-added", "by-client")
          .with("x-removed", "by-client");
    }
  }

  /** URLRewrite of the path, and of the hostname if there is one. */
  record Rewrite(String hostname, boolean wholePath) implements Feature {
    @Override
    public List<String> filters(Attachment attachment, Side side) {
      String path = wholePath
          ? "{type: ReplaceFullPath, replaceFullPath: /elsewhere}"
          : "{type: ReplacePrefixMatch, replacePrefixMatch: /moved}";
      String host = hostname.isEmpty() ? "" : "hostname: " + hostname + ", ";
      return List.of("{type: URLRewrite, urlRewrite: {" + host + "path: " + path + "}}");
    }
  }

  /**
   * CORS.
   *
   * @param inPolicy whether it is in a SecurityPolicy instead of a filter of the HTTPRoute
   */
  record Cors(boolean inPolicy) implements Feature {
    static final String ORIGIN = "https://app.example.com";

    @Override
    public List<String> filters(Attachment attachment, Side side) {
      return inPolicy ? List.of() : List.of("{type: CORS, " + cors("600") + "}");
    }

    @Override
    public List<String> security(Attachment attachment) {
      return inPolicy ? List.of(cors("600s")) : List.of();
    }

    private static String cors(String maxAge) {
      return "cors: {allowOrigins: [\"" + ORIGIN
          + "\"], allowMethods: [POST, GET], allowHeaders: [x-api-key, content-type], exposeHeaders: [x-served-by], maxAge: "
          + maxAge + "}";
    }

    @Override
    public DrawnRequest vary(Draw draw, DrawnRequest request) {
      DrawnRequest fromApp =
          request.with("origin", draw.percent(70) ? ORIGIN : "https://evil.example.com");
      return draw.percent(30)
          ? fromApp.bodyless("OPTIONS").with("access-control-request-method", "POST")
          : fromApp;
    }
  }

  /**
   * A mirror of all requests.
   *
   * @param byPolicy whether it is in an InferencePolicy; on the stock gateway it is always a RequestMirror filter
   */
  record Mirror(Backend to, boolean byPolicy) implements Feature {
    @Override
    public List<Backend> backends() {
      return List.of(to);
    }

    @Override
    public List<String> filters(Attachment attachment, Side side) {
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

  /** Session persistence of the rule: the client sends the session that it received. */
  record Persistence(boolean cookie) implements Feature {
    /** The name of the cookie or header. */
    static final String NAME = "x-differential-session";

    @Override
    public List<String> ruleFields() {
      return List.of("sessionPersistence: {sessionName: " + NAME + ", type: "
          + (cookie ? "Cookie" : "Header") + "}");
    }
  }
}
