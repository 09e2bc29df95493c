package dev.pointsman.xds;

import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;

/**
 * The tokens of a virtual host's routes. The route that leads into a loop sets its token, and the routes behind the loop
 * match nothing else: the choice of the front is final. Each route has a token of its own, so that a token that was seen
 * opens no other route.
 *
 * @param routeConfiguration the name of the virtual host's route configuration
 * @param virtualHost the name of the virtual host
 */
public record LoopTokens(LoopSecret secret, String routeConfiguration, String virtualHost) {
  /** The token of the way to a route behind the loop for large bodies. */
  String route(String name) {
    return secret.token("large", routeConfiguration, virtualHost, name);
  }

  /** The token of the way to a route's processors behind the loop for large bodies. */
  String processors(String name) {
    return secret.token("processors", routeConfiguration, virtualHost, name);
  }

  /**
   * The token of the way to a mirror's picker.
   *
   * @param loop the name of the loop listener
   */
  static String mirror(LoopSecret secret, String loop) {
    return secret.token("mirror", loop);
  }

  /** Sets the token, whatever the request said. */
  static HeaderValueOption set(String token) {
    return HeaderValueOption.newBuilder()
        .setHeader(HeaderValue.newBuilder().setKey(XdsNames.TOKEN_HEADER).setValue(token))
        .setAppendAction(HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)
        .build();
  }

  /** Matches requests with the token. */
  static HeaderMatcher match(String token) {
    HeaderMatcher.Builder matcher = HeaderMatcher.newBuilder().setName(XdsNames.TOKEN_HEADER);
    matcher.getStringMatchBuilder().setExact(token);
    return matcher.build();
  }
}
