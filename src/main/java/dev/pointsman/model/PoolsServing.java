package dev.pointsman.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The states of all pools of a snapshot. The change of a pod costs the pools of its namespace.
 *
 * @param pools a pool is absent while the pods of its namespace are not known
 */
public record PoolsServing(ClusterSnapshot snapshot, Map<PoolRef, PoolServing> pools) {
  /** Without a snapshot. */
  public static final PoolsServing NONE = new PoolsServing(ClusterSnapshot.EMPTY, Map.of());

  public PoolsServing {
    pools = Map.copyOf(pools);
  }

  /** The states of the next snapshot. */
  public PoolsServing next(ClusterSnapshot next) {
    Map<PoolRef, PoolServing> states = new HashMap<>();
    next.pools().forEach((ref, pool) -> {
      PoolServing last = pools.get(ref);
      if (last != null && PoolServing.isSame(pool, snapshot, next)) {
        states.put(ref, last);
      } else {
        PoolServing.of(pool, next).ifPresent(state -> states.put(ref, state));
      }
    });
    return new PoolsServing(next, states);
  }

  /** The problems of all pools. */
  public List<Diagnostic> problems() {
    return pools.values().stream()
        .flatMap(state -> state.allProblems().stream())
        .toList();
  }
}
