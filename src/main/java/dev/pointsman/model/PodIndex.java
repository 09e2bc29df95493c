package dev.pointsman.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Pods, found by a selector without looking at each of them. */
public final class PodIndex {
  private record Label(String namespace, String name, String value) {}

  private final List<Pod> pods;
  /** Those that serve, by each of their labels. */
  private final Map<Label, List<Pod>> serving = new HashMap<>();

  PodIndex(Collection<Pod> pods) {
    this.pods = List.copyOf(pods);
    for (Pod pod : this.pods) {
      if (pod.serves()) {
        pod.labels()
            .forEach((name, value) -> serving
                .computeIfAbsent(new Label(pod.namespace(), name, value), _ -> new ArrayList<>())
                .add(pod));
      }
    }
  }

  /** How many there are, whether they serve or not. */
  public int size() {
    return pods.size();
  }

  /** The serving pods of the namespace that have all of these labels, of which there must be one. */
  List<Pod> serving(String namespace, Map<String, String> selector) {
    List<Pod> fewest = null;
    for (Map.Entry<String, String> label : selector.entrySet()) {
      List<Pod> having =
          serving.getOrDefault(new Label(namespace, label.getKey(), label.getValue()), List.of());
      if (fewest == null || having.size() < fewest.size()) {
        fewest = having;
      }
    }
    if (fewest == null) {
      throw new IllegalArgumentException("a selector needs a label");
    }
    return selector.size() == 1
        ? fewest
        : fewest.stream()
            .filter(pod -> pod.labels().entrySet().containsAll(selector.entrySet()))
            .toList();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PodIndex index && pods.equals(index.pods);
  }

  @Override
  public int hashCode() {
    return pods.hashCode();
  }
}
