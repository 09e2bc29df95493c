package dev.pointsman.status;

import dev.pointsman.model.PoolRef;
import java.util.List;

/**
 * The desired entries of ours in an object's status.
 *
 * @param generation the object's generation that the entries were computed from
 * @param entries sorted; empty when the object is not relevant
 */
public record ObjectStatus(Key object, long generation, List<Entry> entries) {
  /** The key of an object with a status of ours. */
  public record Key(StatusKind kind, String namespace, String name) {
    static Key of(PoolRef pool) {
      return new Key(
          pool.group().equals(PoolRef.V1) ? StatusKind.POOL : StatusKind.POOL_V1ALPHA2,
          pool.namespace(),
          pool.name());
    }

    /** The form in messages. */
    @Override
    public String toString() {
      return kind.plural() + " " + namespace + "/" + name;
    }
  }

  /** The conditions of the object for one parent. */
  public record Entry(ParentRef ref, List<Condition> conditions) {
    public Entry {
      conditions = List.copyOf(conditions);
    }
  }

  public ObjectStatus {
    entries = List.copyOf(entries);
  }
}
