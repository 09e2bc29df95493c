package dev.pointsman.differential;

import dev.pointsman.rig.PickerCall;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The requests that pods, pickers and processors of one side received, by the requests' ids. */
final class TrafficLog {
  private final Map<String, List<ReceivedRequest>> received = new ConcurrentHashMap<>();
  private final Map<String, List<PickerCall>> picks = new ConcurrentHashMap<>();
  private final Map<String, List<ProcessedRequest>> processed = new ConcurrentHashMap<>();
  private final Map<String, Integer> tries = new ConcurrentHashMap<>();

  /** Counts a try of a request at a group of pods, and returns the number of tries. */
  int nextTry(String id, String group) {
    return tries.merge(id + " " + group, 1, Integer::sum);
  }

  void add(ReceivedRequest request) {
    received.computeIfAbsent(request.id(), _ -> new CopyOnWriteArrayList<>()).add(request);
  }

  void add(PickerCall call) {
    picks.computeIfAbsent(call.id(), _ -> new CopyOnWriteArrayList<>()).add(call);
  }

  void add(ProcessedRequest request) {
    processed.computeIfAbsent(request.id(), _ -> new CopyOnWriteArrayList<>()).add(request);
  }

  List<ReceivedRequest> received(String id) {
    return received.getOrDefault(id, List.of());
  }

  List<PickerCall> picks(String id) {
    return picks.getOrDefault(id, List.of());
  }

  List<ProcessedRequest> processed(String id) {
    return processed.getOrDefault(id, List.of());
  }
}
