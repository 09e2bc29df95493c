package dev.pointsman.model;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Where snapshots come from: files or Kubernetes. {@link #get} never blocks. */
public interface SnapshotSource extends Supplier<ClusterSnapshot>, AutoCloseable {
  /** Starts reading; each new snapshot is handed to the listener, the first once the source has synced. */
  void start(Consumer<ClusterSnapshot> listener);

  /** How the reading goes; never blocks. */
  default SourceState state() {
    return get().synced()
        ? SourceState.CONNECTED
        : new SourceState(Set.of("manifests"), Optional.empty(), List.of());
  }

  /** Problems of the objects as they are now, as far as no translation tells them; never blocks. */
  default List<Diagnostic> diagnostics() {
    return List.of();
  }

  @Override
  void close();
}
