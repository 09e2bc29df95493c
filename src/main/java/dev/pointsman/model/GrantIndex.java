package dev.pointsman.model;

import dev.pointsman.model.ReferenceGrant.From;
import dev.pointsman.model.ReferenceGrant.To;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * ReferenceGrants, indexed at the first question. A question costs next to nothing, however many grants the namespace
 * has: one tenant may own both the references and the grants. Immutable.
 */
public final class GrantIndex {
  /** No grants. */
  public static final GrantIndex NONE = new GrantIndex(List.of());

  private final List<ReferenceGrant> grants;
  private volatile @Nullable Map<String, NamespaceGrants> byNamespace;

  /** The index of the grants. */
  public GrantIndex(List<ReferenceGrant> grants) {
    this.grants = List.copyOf(grants);
  }

  /** The number of grants. */
  public int size() {
    return grants.size();
  }

  /** Whether a grant of the namespace permits the reference. */
  boolean permits(From who, String namespace, String group, String kind, String name) {
    NamespaceGrants there = indexed().get(namespace);
    return there != null && there.permits(who, group, kind, name);
  }

  private Map<String, NamespaceGrants> indexed() {
    Map<String, NamespaceGrants> index = byNamespace;
    if (index == null) {
      index = grants.stream()
          .collect(Collectors.groupingBy(
              ReferenceGrant::namespace,
              Collectors.collectingAndThen(Collectors.toList(), NamespaceGrants::new)));
      byNamespace = index;
    }
    return index;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof GrantIndex index && grants.equals(index.grants);
  }

  @Override
  public int hashCode() {
    return grants.hashCode();
  }

  /** The numbers of one namespace's grants, by each of their ends. */
  private static final class NamespaceGrants {
    private final Map<From, BitSet> byFrom = new HashMap<>();
    private final Map<To, BitSet> byTo = new HashMap<>();

    NamespaceGrants(List<ReferenceGrant> grants) {
      for (int i = 0; i < grants.size(); i++) {
        for (From from : grants.get(i).from()) {
          byFrom.computeIfAbsent(from, _ -> new BitSet()).set(i);
        }
        for (To to : grants.get(i).to()) {
          byTo.computeIfAbsent(to, _ -> new BitSet()).set(i);
        }
      }
    }

    boolean permits(From who, String group, String kind, String name) {
      BitSet from = byFrom.get(who);
      return from != null
          && (meet(from, new To(group, kind, "")) || meet(from, new To(group, kind, name)));
    }

    private boolean meet(BitSet from, To to) {
      BitSet both = byTo.get(to);
      return both != null && from.intersects(both);
    }
  }
}
