package dev.pointsman.differential;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Traits of a request and of the selected rule, for the conditions of the list of expected differences. */
final class Traits {
  /** The smallest body that takes the loop after it was read. */
  private static final int LARGE = 4_000_000;

  private Traits() {}

  /**
   * The traits by name.
   *
   * @param stock the outcome on the stock gateway
   */
  static Map<String, String> of(Situation situation, DrawnRequest request, Outcome stock) {
    String route = stock.route();
    Map<String, String> traits = new TreeMap<>();
    traits.put("method", request.method());
    traits.put("framing", request.framing().name());
    traits.put("protocol", request.http2() ? "h2" : "h1");
    traits.put("size", Integer.toString(request.size()));
    traits.put("ending", request.behavior().name());
    traits.put("asksModel", Boolean.toString(!request.model().isEmpty()));
    traits.put("trailers", Boolean.toString(!request.trailers().isEmpty()));
    traits.put("failures", Integer.toString(request.instructions().failures()));
    traits.put("slow", Boolean.toString(request.instructions().delayMillis() >= 15_000));
    traits.put("cut", Boolean.toString(request.instructions().cut()));
    traits.put("type", request.headers().getOrDefault("content-type", "application/json"));
    traits.put(
        "preflight",
        Boolean.toString(request.headers().containsKey("access-control-request-method")));
    traits.put("end", stock.response().end().name());
    traits.put("status", Integer.toString(stock.response().status()));
    traits.put(
        "overrides",
        Boolean.toString(situation.rules().stream()
            .anyMatch(rule ->
                !rule.name().equals(route) && rule.featureNames().contains("OtherAnswer"))));
    traits.put("route", route);
    traits.put("anyLarge", any(situation, route, one -> one.size() >= LARGE));
    traits.put(
        "anyUpgrade",
        any(situation, route, one -> one.behavior() == DrawnRequest.Behavior.UPGRADES));
    List<Feature> listener = request.gateway() == 0 ? situation.listener() : List.of();
    traits.put("listener", names(listener));
    traits.put("spoofs", Boolean.toString(request.headers().containsKey(RequestHeaders.FORGED)));
    traits.put(
        "readsModels",
        Boolean.toString(situation.rules().stream()
            .anyMatch(rule -> rule.hasModel() && rule.gateways().contains(request.gateway()))));
    traits.put("gateways", Integer.toString(situation.gateways()));
    situation.rules().stream()
        .filter(rule -> rule.name().equals(route))
        .findFirst()
        .ifPresent(rule -> {
          List<Feature> all =
              Stream.concat(listener.stream(), rule.features().stream()).toList();
          traits.put("features", names(all));
          traits.put("matchesModel", Boolean.toString(rule.hasModel() && !rule.modelByPolicy()));
          traits.put(
              "authorizesBody",
              Boolean.toString(all.stream()
                  .anyMatch(
                      one -> one instanceof Protection.External service && service.body() > 0)));
          traits.put(
              "onTheLimit",
              Boolean.toString(all.stream()
                  .anyMatch(one -> one instanceof Traffic.Timeouts limits
                      && limits.isNear(request.instructions()))));
          traits.put(
              "backends",
              String.join(
                  ",", rule.backends().stream().map(one -> one.kind().name()).toList()));
        });
    return traits;
  }

  /** A trait of a rule: some request to it passes the test. */
  private static String any(Situation situation, String route, Predicate<DrawnRequest> test) {
    return Boolean.toString(situation.requests().stream()
        .anyMatch(one -> ("r" + one.rule()).equals(route) && test.test(one)));
  }

  private static String names(List<Feature> features) {
    return String.join(",", features.stream().map(Feature::name).toList());
  }
}
