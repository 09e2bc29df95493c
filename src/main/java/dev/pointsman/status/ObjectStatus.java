package dev.pointsman.status;

import dev.pointsman.model.PoolRef;
import java.util.List;

/**
 * Our entries in an object's status, as they should be.
 *
 * @param generation the object's when this was computed
 * @param entries sorted; none when the object has nothing to do with us
 */
public record ObjectStatus(Key object, long generation, List<Entry> entries) {
  /** Names an object that has a status of ours. */
  public record Key(StatusKind kind, String namespace, String name) {
    static Key of(PoolRef pool) {
      return new Key(
          pool.group().equals(PoolRef.V1) ? StatusKind.POOL : StatusKind.POOL_V1ALPHA2,
          pool.namespace(),
          pool.name());
    }

    /** For people. */
    @Override
    public String toString() {
      return kind.plural() + " " + namespace + "/" + name;
    }
  }

  /** What we say about the object where it meets one parent. */
  public record Entry(ParentRef ref, List<Condition> conditions) {
    public Entry {
      conditions = List.copyOf(conditions);
    }
  }

  public ObjectStatus {
    entries = List.copyOf(entries);
  }
}
