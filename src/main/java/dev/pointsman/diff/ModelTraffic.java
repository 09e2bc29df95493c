package dev.pointsman.diff;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * The traffic of models in one state: its parts in the order in which the gateway looks for them, each with facts in
 * words.
 */
record ModelTraffic(SequencedMap<TrafficPart, SequencedMap<String, String>> parts) {
  /**
   * The requests that one rule takes.
   *
   * @param place the listener, or the HTTPRoute, with the hosts
   * @param model the name or the pattern of the model; empty if the rule asks for none
   * @param conditions the rule's other conditions, in words
   * @param secrets the values of conditions that are compared and not shown
   * @param number 1, more for a later rule with the same conditions
   */
  record TrafficPart(
      String place, String model, List<String> conditions, String secrets, int number) {
    TrafficPart {
      conditions = List.copyOf(conditions);
    }
  }

  ModelTraffic() {
    this(new LinkedHashMap<>());
  }

  /** Adds the traffic of a rule's models; {@code models} may be empty. */
  void add(
      String place,
      List<String> models,
      List<String> conditions,
      SequencedMap<String, String> facts) {
    add(place, new MatchConditions(models, conditions, ""), facts);
  }

  /** Adds the traffic of a rule's match. */
  void add(String place, MatchConditions match, SequencedMap<String, String> facts) {
    List<String> models = match.models();
    for (String model : models.isEmpty() ? List.of("") : models) {
      TrafficPart part = new TrafficPart(place, model, match.words(), match.secrets(), 1);
      while (parts.containsKey(part)) {
        part = new TrafficPart(place, model, match.words(), match.secrets(), part.number() + 1);
      }
      parts.put(part, facts);
    }
  }

  /** The parts of a place that another state has, too, in their order here. */
  List<TrafficPart> common(ModelTraffic other, String place) {
    List<TrafficPart> common = new ArrayList<>();
    for (TrafficPart part : parts.keySet()) {
      if (part.place().equals(place) && other.parts.containsKey(part)) {
        common.add(part);
      }
    }
    return common;
  }
}
