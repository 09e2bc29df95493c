package dev.pointsman.eds;

import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.InferencePool;
import dev.pointsman.model.PoolRef;
import java.util.HashMap;
import java.util.Map;

/**
 * Pools that were deleted a short time ago. They are served as if they existed: proxies use their clusters until Envoy
 * Gateway's next translation has arrived, and a pool may be deleted only to be made again. Their endpoints follow the
 * pods meanwhile, so that no request goes to an address that is another pod's by then. Used by one thread.
 */
final class DeletedPools {
  private final Map<PoolRef, InferencePool> deleted = new HashMap<>();
  private ClusterSnapshot last = ClusterSnapshot.EMPTY;

  /** Takes the next snapshot; returns the pools that are deleted by it. */
  Map<PoolRef, InferencePool> next(ClusterSnapshot snapshot) {
    Map<PoolRef, InferencePool> now = new HashMap<>();
    last.pools().forEach((ref, pool) -> {
      if (!snapshot.pools().containsKey(ref)) {
        now.put(ref, pool);
      }
    });
    deleted.putAll(now);
    last = snapshot;
    return now;
  }

  /** Ends the time of these pools, but not of one that was made again and deleted later. */
  void forget(Map<PoolRef, InferencePool> pools) {
    pools.forEach((ref, pool) -> {
      if (deleted.get(ref) == pool) {
        deleted.remove(ref);
      }
    });
  }

  /** The last snapshot with the deleted pools that have not been made again. */
  ClusterSnapshot snapshot() {
    return deleted.isEmpty() ? last : last.and(deleted);
  }
}
