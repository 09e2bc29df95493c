package dev.pointsman.e2e;

import dev.pointsman.rig.Rig;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/** The number of requests that each pod received, originals and copies. */
record PodCounts(Map<String, Long> counts) {
  static PodCounts of(Rig rig, List<String> pods) {
    Map<String, Long> counts = new TreeMap<>();
    pods.forEach(pod -> counts.put(
        pod, JsonMapper.shared().readTree(rig.tell(pod, "count")).path("count").asLong()));
    return new PodCounts(counts);
  }

  PodCounts since(PodCounts before) {
    Map<String, Long> since = new TreeMap<>();
    counts.forEach((pod, count) -> since.put(pod, count - before.counts.getOrDefault(pod, 0L)));
    return new PodCounts(since);
  }

  long at(String podPrefix) {
    return counts.entrySet().stream()
        .filter(pod -> pod.getKey().startsWith(podPrefix))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }
}
