package dev.pointsman.diff;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;

import dev.pointsman.kube.KubeObject;
import dev.pointsman.kube.Manifest;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The name of an object. A later definition of the same object has another number than 1. */
record ManifestKey(String kind, String namespace, String name, String group, int definition)
    implements Comparable<ManifestKey> {
  private static final Comparator<ManifestKey> ORDER = Comparator.comparing(
          ManifestKey::withoutGroup)
      .thenComparing(ManifestKey::group)
      .thenComparingInt(ManifestKey::definition);

  /** The objects by their names. */
  static SortedMap<ManifestKey, Manifest> of(List<Manifest> manifests) {
    SortedMap<ManifestKey, Manifest> objects = new TreeMap<>();
    for (Manifest manifest : manifests) {
      ManifestKey name = of(manifest, 1);
      while (objects.containsKey(name)) {
        name = of(manifest, name.definition() + 1);
      }
      objects.put(name, manifest);
    }
    return objects;
  }

  private static ManifestKey of(Manifest manifest, int definition) {
    KubeObject object = manifest.object();
    String group = RouteTraffic.isRoute(manifest) ? RouteTraffic.GROUP : object.group();
    return new ManifestKey(object.kind(), object.namespace(), object.name(), group, definition);
  }

  /** The names that objects of several groups have, without the group. */
  static Set<String> ofSeveralGroups(Collection<ManifestKey> names) {
    Map<String, Set<String>> groups = names.stream()
        .collect(groupingBy(ManifestKey::withoutGroup, mapping(ManifestKey::group, toSet())));
    groups.values().removeIf(all -> all.size() == 1);
    return groups.keySet();
  }

  /** The kind, the namespace and the name. */
  String withoutGroup() {
    return kind + " " + namespace + "/" + name;
  }

  /** The name in words, with its group if there are several. */
  String words(Set<String> ofSeveralGroups) {
    boolean hasGroup = ofSeveralGroups.contains(withoutGroup()) && !group.isEmpty();
    return withoutGroup()
        + (hasGroup ? " of " + group : "")
        + (definition == 1 ? "" : ", definition " + definition);
  }

  @Override
  public int compareTo(ManifestKey other) {
    return ORDER.compare(this, other);
  }
}
