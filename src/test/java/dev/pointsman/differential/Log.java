package dev.pointsman.differential;

import dev.pointsman.rig.PickerCall;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** All that pods, pickers and processors saw of the requests of one side, by the requests' ids. */
final class Log {
  private final Map<String, List<Arrival>> arrivals = new ConcurrentHashMap<>();
  private final Map<String, List<PickerCall>> picks = new ConcurrentHashMap<>();
  private final Map<String, List<Processed>> processed = new ConcurrentHashMap<>();
  private final Map<String, Integer> tries = new ConcurrentHashMap<>();

  /** How often a group of pods was asked for an id, this time included. */
  int nextTry(String id, String group) {
    return tries.merge(id + " " + group, 1, Integer::sum);
  }

  void add(Arrival arrival) {
    arrivals.computeIfAbsent(arrival.id(), _ -> new CopyOnWriteArrayList<>()).add(arrival);
  }

  void add(PickerCall call) {
    picks.computeIfAbsent(call.id(), _ -> new CopyOnWriteArrayList<>()).add(call);
  }

  void add(Processed one) {
    processed.computeIfAbsent(one.id(), _ -> new CopyOnWriteArrayList<>()).add(one);
  }

  List<Arrival> arrivals(String id) {
    return arrivals.getOrDefault(id, List.of());
  }

  List<PickerCall> picks(String id) {
    return picks.getOrDefault(id, List.of());
  }

  List<Processed> processed(String id) {
    return processed.getOrDefault(id, List.of());
  }
}
