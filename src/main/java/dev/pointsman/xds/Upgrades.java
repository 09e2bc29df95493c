package dev.pointsman.xds;

import com.github.xds.type.matcher.v3.Matcher.MatcherList.FieldMatcher;
import com.github.xds.type.matcher.v3.RegexMatcher;
import com.github.xds.type.matcher.v3.RegexMatcher.GoogleRE2;
import com.github.xds.type.matcher.v3.StringMatcher;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteAction.UpgradeConfig;
import java.util.List;

/**
 * Requests to change the protocol: websockets above all. Their bodies are what the client sends later, after the answer,
 * so that a filter which waits for the end of a body would hold them for ever.
 *
 * <p>Envoy writes an extended CONNECT of HTTP/2 and HTTP/3 as an upgrade of HTTP/1.1, and takes the header {@code upgrade}
 * away from all other requests, before it chooses a route.
 */
final class Upgrades {
  private static final StringMatcher ANYTHING = StringMatcher.newBuilder()
      .setSafeRegex(
          RegexMatcher.newBuilder().setGoogleRe2(GoogleRE2.getDefaultInstance()).setRegex(".+"))
      .build();

  private Upgrades() {}

  /** The conditions under which a request is one. */
  static List<FieldMatcher> requests() {
    return List.of(
        SkippableFilter.request("upgrade", ANYTHING),
        SkippableFilter.request(":method", "CONNECT"));
  }

  /** The action, which treats a websocket as any other request; without that Envoy answers 403 in its place. */
  static RouteAction allowWebsocket(RouteAction action) {
    return action.toBuilder()
        .addUpgradeConfigs(UpgradeConfig.newBuilder().setUpgradeType("websocket"))
        .build();
  }
}
