package dev.pointsman.explain;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The way of a request through a Gateway.
 *
 * @param request as asked, with the host that it was explained for
 * @param listener the name of Envoy's listener
 * @param otherListeners the names of the Gateway's other listeners that take such a request to the same end or redirect it
 * @param virtualHost the name of the virtual host and its domain that took the host; empty if none did
 * @param reading the model in the body; empty if the first route reads no model
 * @param choices the chosen routes in their order: the initial one, the one after the reading, those in loops
 * @param gates the users' filters on the way that may answer instead
 * @param unread fields on the way that are not followed, although they may lead the request elsewhere
 * @param end the end of the way
 * @param diagnostics of objects on the way
 * @param gateways the namespaces and names of the Gateways, sorted; empty if they are not known
 * @param translatedAt the time of the translation; empty if it is not known
 * @param proxies the ways through the proxies' own configurations; empty if no proxy was asked
 */
public record Explanation(
    AskedRequest request,
    String listener,
    List<String> otherListeners,
    Optional<String> virtualHost,
    Optional<ModelReading> reading,
    List<RouteChoice> choices,
    List<String> gates,
    List<String> unread,
    RequestEnd end,
    List<String> diagnostics,
    List<String> gateways,
    Optional<Instant> translatedAt,
    List<ProxyConfiguration> proxies) {
  public Explanation {
    otherListeners = List.copyOf(otherListeners);
    choices = List.copyOf(choices);
    gates = List.copyOf(gates);
    unread = List.copyOf(unread);
    diagnostics = List.copyOf(diagnostics);
    gateways = List.copyOf(gateways);
    proxies = List.copyOf(proxies);
  }

  /**
   * The model in a body.
   *
   * @param model empty if there is none
   * @param because the reason in words
   */
  public record ModelReading(Optional<String> model, String because) {}

  /**
   * One choice of a route.
   *
   * @param stage the time of the choice
   * @param route the name of the chosen route; empty if no route takes the request
   * @param owner the object that the route is from
   * @param position its place among the routes, from 1
   * @param lost the nearest routes before it, with the conditions that are not met
   * @param others the number of other routes before it
   */
  public record RouteChoice(
      String stage,
      Optional<String> route,
      String owner,
      int position,
      List<LostRoute> lost,
      int others) {}

  /**
   * A route that does not take the request.
   *
   * @param unmet the conditions that the request does not meet
   */
  public record LostRoute(String route, String owner, List<String> unmet) {}

  /** The explanation for the Gateways of a translation, and its time. */
  Explanation of(Set<String> all, Optional<Instant> time) {
    return with(otherListeners, all.stream().sorted().toList(), time, proxies);
  }

  /** The explanation with the ways through proxies. */
  public Explanation with(List<ProxyConfiguration> asked) {
    return with(otherListeners, gateways, translatedAt, asked);
  }

  /** The explanation with the other listeners that take the request. */
  Explanation besides(List<String> others) {
    return with(others, gateways, translatedAt, proxies);
  }

  private Explanation with(
      List<String> others,
      List<String> all,
      Optional<Instant> time,
      List<ProxyConfiguration> asked) {
    return new Explanation(
        request,
        listener,
        others,
        virtualHost,
        reading,
        choices,
        gates,
        unread,
        end,
        diagnostics,
        all,
        time,
        asked);
  }
}
