package dev.pointsman.xds;

import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The filter configuration that all model routes of a virtual host have in common. Added routes get the same
 * configuration, so that a client who may use none of the models does not see their names.
 *
 * @param gates the common configuration
 * @param admitSameClients whether all model routes admit the same clients; rate limits are ignored, as they identify no
 *     client
 * @param counter the name of a route whose rate limit counter also counts requests to added routes
 */
record CommonGates(Gates gates, boolean admitSameClients, String counter) {
  private static final Gates NOTHING = new Gates(Map.of(), List.of(), Set.of());

  /** Parts of the types of filters that admit every client. */
  private static final List<String> OPEN = List.of(
      ".cors.",
      ".compressor.",
      ".decompressor.",
      ".buffer.",
      ".stateful_session.",
      ".grpc_stats.",
      ".grpc_web.",
      ".fault.",
      ".bandwidth_limit.",
      ".header_mutation.",
      ".credential_injector.",
      ".custom_response.",
      ".local_ratelimit.",
      ".ratelimit.");

  /**
   * The common configuration of a host's model routes.
   *
   * @param all of its model routes that are served
   * @param disabled the filters that its listeners list as disabled
   * @param counter the name of one of them
   */
  static CommonGates of(Collection<Gates> all, List<HttpFilter> disabled, String counter) {
    Map<String, String> types = new HashMap<>();
    disabled.forEach(
        filter -> types.put(filter.getName(), filter.getTypedConfig().getTypeUrl()));
    Gates common = all.stream().reduce(Gates::and).orElse(NOTHING);
    boolean same = all.stream()
        .flatMap(gates -> gates.configs().entrySet().stream())
        .allMatch(config -> config.getValue().equals(common.configs().get(config.getKey()))
            || isOpen(types.getOrDefault(config.getKey(), config.getValue().getTypeUrl())));
    // A client that one route rejects must not use up that route's rate limit.
    return new CommonGates(same ? common : common.withoutRateLimits(), same, counter);
  }

  private static boolean isOpen(String type) {
    return OPEN.stream().anyMatch(type::contains);
  }

  /** The route with the common configuration. */
  Route on(Route route) {
    return gates.on(route, counter);
  }
}
