package dev.pointsman.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Pods, indexed by their labels. Immutable. */
public final class PodIndex {
  /** An index without any namespace. */
  public static final PodIndex UNREAD = new PodIndex(false, Map.of());

  private static final Namespace NOTHING = new Namespace(List.of());

  /** Whether all namespaces have been read, so that a missing pod does not exist. */
  private final boolean complete;

  private final Map<String, Namespace> byNamespace;

  private PodIndex(boolean complete, Map<String, Namespace> byNamespace) {
    this.complete = complete;
    this.byNamespace = byNamespace;
  }

  /** The index of all pods. */
  static PodIndex of(Collection<Pod> pods) {
    Map<String, Namespace> byNamespace = new HashMap<>();
    pods.stream()
        .collect(Collectors.groupingBy(Pod::namespace))
        .forEach((namespace, some) -> byNamespace.put(namespace, new Namespace(some)));
    return new PodIndex(true, byNamespace);
  }

  /** The index with the pods of one namespace added or replaced. */
  public PodIndex with(String namespace, Collection<Pod> pods) {
    Map<String, Namespace> more = new HashMap<>(byNamespace);
    more.put(namespace, new Namespace(pods));
    return new PodIndex(complete, more);
  }

  /** The index without the pods of one namespace. */
  public PodIndex without(String namespace) {
    Map<String, Namespace> fewer = new HashMap<>(byNamespace);
    fewer.remove(namespace);
    return new PodIndex(complete, fewer);
  }

  /** The number of pods, including those that are not ready. */
  public int size() {
    return byNamespace.values().stream().mapToInt(some -> some.pods.size()).sum();
  }

  /** Whether the pods of the namespace are known. */
  boolean isRead(String namespace) {
    return complete || byNamespace.containsKey(namespace);
  }

  /**
   * Whether the namespace's pods are the same in both indexes. Compares references only, and so may miss equal ones.
   */
  public boolean isSameIn(String namespace, PodIndex other) {
    return complete == other.complete
        && byNamespace.get(namespace) == other.byNamespace.get(namespace);
  }

  /** The serving pods of the namespace that have all labels of the selector, which must not be empty. */
  List<Pod> serving(String namespace, Map<String, String> selector) {
    return selected(namespace, selector).filter(Pod::serves).toList();
  }

  /**
   * The pods of the namespace that have all labels of the selector, which must not be empty, and that have not ended.
   */
  public Stream<Pod> selected(String namespace, Map<String, String> selector) {
    return byNamespace.getOrDefault(namespace, NOTHING).selected(selector);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PodIndex index
        && complete == index.complete
        && byNamespace.equals(index.byNamespace);
  }

  @Override
  public int hashCode() {
    return byNamespace.hashCode();
  }

  /** The pods of one namespace. */
  private static final class Namespace {
    private record Label(String name, String value) {}

    private final List<Pod> pods;
    /** Pods that have not ended, by each of their labels. */
    private final Map<Label, List<Pod>> byLabel = new HashMap<>();

    Namespace(Collection<Pod> pods) {
      this.pods = List.copyOf(pods);
      for (Pod pod : this.pods) {
        if (!pod.hasEnded()) {
          pod.labels()
              .forEach((name, value) -> byLabel
                  .computeIfAbsent(new Label(name, value), _ -> new ArrayList<>())
                  .add(pod));
        }
      }
    }

    Stream<Pod> selected(Map<String, String> selector) {
      List<Pod> fewest = null;
      for (Map.Entry<String, String> label : selector.entrySet()) {
        List<Pod> having =
            byLabel.getOrDefault(new Label(label.getKey(), label.getValue()), List.of());
        if (fewest == null || having.size() < fewest.size()) {
          fewest = having;
        }
      }
      if (fewest == null) {
        throw new IllegalArgumentException("a selector needs a label");
      }
      return selector.size() == 1
          ? fewest.stream()
          : fewest.stream().filter(pod -> pod.labels().entrySet().containsAll(selector.entrySet()));
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Namespace namespace && pods.equals(namespace.pods);
    }

    @Override
    public int hashCode() {
      return pods.hashCode();
    }
  }
}
