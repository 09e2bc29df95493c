package dev.pointsman.xds;

import dev.pointsman.model.ObjectRef;
import java.util.Comparator;
import java.util.Map;

/**
 * The precedence between two conflicting HTTPRoutes: the older one wins; of the same age, the first by namespace and
 * name, as in Gateway API.
 *
 * @param created creation timestamps (RFC 3339); an empty or absent one is unknown and counts as the youngest
 */
public record Precedence(Map<ObjectRef, String> created) {
  /** The precedence by namespace and name only. */
  public static final Precedence BY_NAME = new Precedence(Map.of());

  public Precedence {
    created = Map.copyOf(created);
  }

  /** The order of HTTPRoutes; the one with precedence is first. */
  Comparator<ObjectRef> order() {
    return Comparator.comparing((ObjectRef route) -> age(route).isEmpty())
        .thenComparing(this::age)
        .thenComparing(ObjectRef::namespace)
        .thenComparing(ObjectRef::name)
        .thenComparing(ObjectRef::kind);
  }

  /** The HTTPRoute with precedence, and the reason, as text for a message. */
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
