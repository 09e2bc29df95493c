package dev.pointsman.kube.status;

import dev.pointsman.model.Diagnostic;
import java.util.List;

/** Counts writes. It is called from the threads that write. */
public interface WriteMetrics {
  /** A status was written. */
  void statusWritten();

  /** An Event was written. */
  void eventWritten();

  /** A call of the API server failed or was refused. */
  void failed();

  /** Sets the diagnostics that only the writer of statuses has. */
  void diagnostics(List<Diagnostic> present);

  /** Sets whether this replica writes; one that does not has no diagnostics of statuses. */
  void leads(boolean leads);
}
