package dev.pointsman.xds;

import com.github.xds.type.matcher.v3.Matcher.MatcherList.FieldMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteAction.UpgradeConfig;
import java.util.List;
import java.util.stream.Stream;

/**
 * Requests to change the protocol, above all websockets. Their bodies are the data that the client sends after the
 * response, so a filter that waits for the end of a body would hold them forever.
 *
 * <p>Envoy converts an extended CONNECT of HTTP/2 and HTTP/3 to an upgrade of HTTP/1.1, and removes the header
 * {@code upgrade} from all other requests, before it selects a route.
 */
final class Upgrades {
  private Upgrades() {}

  /** The conditions for such requests. */
  static List<FieldMatcher> requests() {
    return List.of(
        SkippableFilter.request("upgrade", SkippableFilter.regex(".+")),
        SkippableFilter.request(":method", "CONNECT"));
  }

  /** The conditions for such requests, then others. */
  static List<FieldMatcher> requestsAnd(FieldMatcher... others) {
    return Stream.concat(requests().stream(), Stream.of(others)).toList();
  }

  /** The copy before a route for such requests. */
  static Route copy(Route route) {
    Route.Builder upgrades = route.toBuilder().setName(XdsNames.upgradeRoute(route.getName()));
    upgrades.getMatchBuilder().addHeadersBuilder().setName("upgrade").setPresentMatch(true);
    return upgrades.build();
  }

  /** The action with websockets allowed and treated like other requests; otherwise Envoy responds with 403. */
  static RouteAction allowWebsocket(RouteAction action) {
    return action.toBuilder()
        .addUpgradeConfigs(UpgradeConfig.newBuilder().setUpgradeType("websocket"))
        .build();
  }
}
