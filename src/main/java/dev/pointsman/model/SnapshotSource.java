package dev.pointsman.model;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A source of snapshots: files or Kubernetes. {@link #get} never blocks. */
public interface SnapshotSource extends Supplier<ClusterSnapshot>, AutoCloseable {
  /** Starts reading. The listener receives each new snapshot, the first once the source has synced. */
  void start(Consumer<ClusterSnapshot> listener);

  /** The state of the source; never blocks. */
  default SourceState state() {
    return get().synced()
        ? SourceState.CONNECTED
        : new SourceState(Set.of("manifests"), Optional.empty(), List.of());
  }

  /**
   * Whether the pools and Services of the namespace are read and changes are received, so that one that the snapshot
   * has not got does not exist; never blocks.
   */
  default boolean isCurrent(String namespace) {
    return get().synced();
  }

  /** Current problems of objects that no translation reports; never blocks. */
  default List<Diagnostic> diagnostics() {
    return List.of();
  }

  @Override
  void close();
}
