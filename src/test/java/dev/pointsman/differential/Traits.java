package dev.pointsman.differential;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Traits of an ask and of the rule that took it, for the conditions of the list of expected differences. */
final class Traits {
  /** From here on, bodies that were read take the loop. */
  private static final int LARGE = 4_000_000;

  private Traits() {}

  /**
   * The traits by name.
   *
   * @param stock what the stock gateway made of it
   */
  static Map<String, String> of(Situation situation, Ask ask, Outcome stock) {
    String route = stock.route();
    Map<String, String> traits = new TreeMap<>();
    traits.put("method", ask.method());
    traits.put("framing", ask.framing().name());
    traits.put("protocol", ask.http2() ? "h2" : "h1");
    traits.put("size", Integer.toString(ask.size()));
    traits.put("ending", ask.ending().name());
    traits.put("asksModel", Boolean.toString(!ask.model().isEmpty()));
    traits.put("trailers", Boolean.toString(!ask.trailers().isEmpty()));
    traits.put("failures", Integer.toString(ask.tell().failures()));
    traits.put("slow", Boolean.toString(ask.tell().delayMillis() >= 15_000));
    traits.put("cut", Boolean.toString(ask.tell().cut()));
    traits.put("type", ask.headers().getOrDefault("content-type", "application/json"));
    traits.put(
        "preflight", Boolean.toString(ask.headers().containsKey("access-control-request-method")));
    traits.put("end", stock.answer().end().name());
    traits.put("status", Integer.toString(stock.answer().status()));
    traits.put(
        "overrides",
        Boolean.toString(situation.rules().stream()
            .anyMatch(rule ->
                !rule.name().equals(route) && rule.featureNames().contains("OtherAnswer"))));
    traits.put("route", route);
    traits.put(
        "anyLarge",
        Boolean.toString(situation.asks().stream()
            .anyMatch(one -> ("r" + one.rule()).equals(route) && one.size() >= LARGE)));
    List<Feature> listener = ask.gateway() == 0 ? situation.listener() : List.of();
    traits.put("listener", names(listener));
    traits.put("spoofs", Boolean.toString(ask.headers().containsKey(Head.SPOOFED)));
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
              "onTheLimit",
              Boolean.toString(all.stream()
                  .anyMatch(
                      one -> one instanceof Traffic.Timeouts limits && limits.isNear(ask.tell()))));
          traits.put(
              "backends",
              String.join(
                  ",", rule.backends().stream().map(one -> one.kind().name()).toList()));
        });
    return traits;
  }

  private static String names(List<Feature> features) {
    return String.join(",", features.stream().map(Feature::name).toList());
  }
}
