package dev.pointsman.analyze;

import java.util.Set;

/**
 * The objects that are surely among the manifests.
 *
 * @param cluster whether the manifests are those of a cluster, not of files
 * @param namespaces the namespaces that were read; empty: all
 * @param unread the kinds that could not be read, as {@code HTTPRoute.gateway.networking.k8s.io}
 */
public record Known(boolean cluster, Set<String> namespaces, Set<String> unread) {
  /** Files, which seldom have all objects. */
  public static final Known FILES = new Known(false, Set.of(), Set.of());

  public Known {
    namespaces = Set.copyOf(namespaces);
    unread = Set.copyOf(unread);
  }

  /** Whether all objects of the kind in the namespace are there. */
  boolean has(String kind, String namespace) {
    return has(kind) && (namespaces.isEmpty() || namespaces.contains(namespace));
  }

  /** Whether all objects of a kind without namespaces are there. */
  boolean has(String kind) {
    return cluster && !unread.contains(kind);
  }

  /** Whether all objects of the kind are there, in all namespaces. */
  boolean hasAll(String kind) {
    return has(kind) && namespaces.isEmpty();
  }
}
