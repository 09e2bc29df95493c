package dev.pointsman.model;

import java.util.List;

/** A ReferenceGrant: objects of certain kinds and namespaces may refer to objects of certain kinds in its namespace. */
public record ReferenceGrant(String namespace, List<From> from, List<To> to) {
  /** A permitted source of references. */
  public record From(String group, String kind, String namespace) {}

  /**
   * A permitted target of references.
   *
   * @param name empty for all of the kind
   */
  public record To(String group, String kind, String name) {}

  public ReferenceGrant {
    from = List.copyOf(from);
    to = List.copyOf(to);
  }
}
