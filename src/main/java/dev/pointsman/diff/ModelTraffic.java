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
   * @param conditions the rule's other conditions
   * @param number 1, more for a later rule with the same conditions
   */
  record TrafficPart(String place, String model, List<String> conditions, int number) {
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
    for (String model : models.isEmpty() ? List.of("") : models) {
      int number = 1;
      while (parts.containsKey(new TrafficPart(place, model, conditions, number))) {
        number++;
      }
      parts.put(new TrafficPart(place, model, conditions, number), facts);
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
