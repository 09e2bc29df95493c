package dev.pointsman.explain;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;

/**
 * The rules of a Gateway that ask for models, lead to pools or are refused, with the ends of their ways now.
 *
 * @param gateways their namespaces and names, sorted
 * @param listeners those for clients, without the loops
 * @param leftOut the number of rules above the limit
 */
public record GatewayOverview(
    List<String> gateways, List<ListenerOverview> listeners, int leftOut) {
  public GatewayOverview {
    gateways = List.copyOf(gateways);
    listeners = List.copyOf(listeners);
  }

  /**
   * A listener of Envoy's.
   *
   * @param hosts only those with rules
   */
  public record ListenerOverview(String name, int port, List<HostOverview> hosts) {}

  /**
   * A virtual host.
   *
   * @param others the number of its routes without a model and without a pool
   */
  public record HostOverview(
      String name, List<String> domains, List<RuleOverview> rules, int others) {}

  /**
   * A route that asks for models or leads to pools.
   *
   * @param route its name in Envoy
   * @param owner the object that it is from
   * @param models the names or, as a regular expression, the pattern of its models; empty if it asks for none
   * @param conditions its other conditions, in words
   * @param end the end of the way of a request that meets them
   */
  public record RuleOverview(
      String route, String owner, List<String> models, List<String> conditions, RequestEnd end) {}

  /** The number of rules that are named. */
  public int rules() {
    return listeners.stream()
        .flatMap(listener -> listener.hosts().stream())
        .mapToInt(host -> host.rules().size())
        .sum();
  }

  /**
   * The overview of a translation.
   *
   * @param most the number of rules that are named
   * @throws InvalidProtocolBufferException if a filter cannot be read
   */
  public static GatewayOverview of(ExplainableGateway gateway, EndpointsNow endpoints, int most)
      throws InvalidProtocolBufferException {
    return new RuleSurvey(gateway.xds(), endpoints, most)
        .of(gateway.gateways().stream().sorted().toList());
  }
}
