package dev.pointsman.diff;

import dev.pointsman.kube.KubeObject;
import dev.pointsman.kube.Manifest;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The name of an object.
 *
 * @param definition 1, more for a later definition of the same object
 */
record ManifestKey(String kind, String namespace, String name, String group, int definition)
    implements Comparable<ManifestKey> {
  private static final Comparator<ManifestKey> ORDER = Comparator.comparing(ManifestKey::withoutGroup)
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
    Map<String, String> groups = new HashMap<>();
    Set<String> several = new HashSet<>();
    for (ManifestKey name : names) {
      String first = groups.putIfAbsent(name.withoutGroup(), name.group());
      if (first != null && !first.equals(name.group())) {
        several.add(name.withoutGroup());
      }
    }
    return several;
  }

  /** The kind, the namespace and the name. */
  String withoutGroup() {
    return kind + " " + namespace + "/" + name;
  }

  /** The name in words, with its group if there are several. */
  String words(Set<String> ofSeveralGroups) {
    boolean hasGroup = ofSeveralGroups.contains(withoutGroup()) && !group.isEmpty();
    return withoutGroup() + (hasGroup ? " of " + group : "")
        + (definition == 1 ? "" : ", definition " + definition);
  }

  @Override
  public int compareTo(ManifestKey other) {
    return ORDER.compare(this, other);
  }
}
