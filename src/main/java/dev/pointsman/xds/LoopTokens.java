package dev.pointsman.xds;

import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;

/**
 * The tokens of a virtual host's routes. A route to a loop sets its token, and the loop's routes match only tokens, so
 * the gateway's choice of the route is final. Each route has its own token: a leaked token selects no other route.
 *
 * @param routeConfiguration the name of the virtual host's route configuration
 * @param virtualHost the name of the virtual host
 */
public record LoopTokens(LoopSecret secret, String routeConfiguration, String virtualHost) {
  /** The token of a route's inner copy in the loop for large bodies. */
  String route(String name) {
    return secret.token("large", routeConfiguration, virtualHost, name);
  }

  /** The token of a route's copy for processors in the loop for large bodies. */
  String processors(String name) {
    return secret.token("processors", routeConfiguration, virtualHost, name);
  }

  /** The token of a route's inner copy that asks the picker apart from users' filters. */
  String apart(String name) {
    return secret.token("apart", routeConfiguration, virtualHost, name);
  }

  /** The token of the stages of a route's fallback. */
  String stages(String name) {
    return secret.token("stages", routeConfiguration, virtualHost, name);
  }

  /**
   * The token of a mirror's loop.
   *
   * @param loop the name of the loop listener
   */
  static String mirror(LoopSecret secret, String loop) {
    return secret.token("mirror", loop);
  }

  /** Sets the token, replacing any value in the request. */
  static HeaderValueOption set(String token) {
    return Protos.header(XdsNames.TOKEN_HEADER, token);
  }

  /** Matches requests with the token. */
  static HeaderMatcher match(String token) {
    HeaderMatcher.Builder matcher = HeaderMatcher.newBuilder().setName(XdsNames.TOKEN_HEADER);
    matcher.getStringMatchBuilder().setExact(token);
    return matcher.build();
  }
}
