package dev.pointsman.xds;

import dev.pointsman.model.ObjectRef;
import java.util.Comparator;
import java.util.Map;

/**
 * Which of two HTTPRoutes comes first where they cannot both have their way: the older one, and of one age the first by
 * namespace and name, as in Gateway API.
 *
 * @param created creation timestamps (RFC 3339); empty or absent where unknown, which counts as the youngest
 */
public record Precedence(Map<ObjectRef, String> created) {
  /** By namespace and name alone. */
  public static final Precedence BY_NAME = new Precedence(Map.of());

  public Precedence {
    created = Map.copyOf(created);
  }

  /** The one that comes first, first. */
  Comparator<ObjectRef> order() {
    return Comparator.comparing((ObjectRef route) -> age(route).isEmpty())
        .thenComparing(this::age)
        .thenComparing(ObjectRef::namespace)
        .thenComparing(ObjectRef::name)
        .thenComparing(ObjectRef::kind);
  }

  /** The first of two in words, with the reason why it comes first. */
  String first(ObjectRef first, ObjectRef second) {
    if (age(first).isEmpty()) {
      return first + ", which comes first by namespace and name (their ages are not known)";
    }
    return age(first).equals(age(second))
        ? first + ", which is as old and comes first by namespace and name"
        : "the older " + first;
  }

  private String age(ObjectRef route) {
    return created.getOrDefault(route, "");
  }
}
