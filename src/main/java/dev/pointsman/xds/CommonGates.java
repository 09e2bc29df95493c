package dev.pointsman.xds;

import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The configuration that all model routes of a virtual host have for the filters in front of them. Our own routes there tell the same: who may
 * ask for none of the models is not told which there are.
 *
 * @param gates what they have in common
 * @param admitSameClients whether they let the same clients pass; rate limits do not tell who they are
 * @param counter the name of a route whose counter may count requests to our own
 */
record CommonGates(Gates gates, boolean admitSameClients, String counter) {
  private static final Gates NOTHING = new Gates(Map.of(), List.of(), Set.of());

  /** Parts of the types of filters that let everybody pass. */
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
   * The gates that a host's model routes have in common.
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
    // Whom one route keeps out must not use up what it has.
    return new CommonGates(same ? common : common.withoutRateLimits(), same, counter);
  }

  private static boolean isOpen(String type) {
    return OPEN.stream().anyMatch(type::contains);
  }

  /** The route with them. */
  Route on(Route route) {
    return gates.on(route, counter);
  }
}
