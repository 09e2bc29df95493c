package dev.pointsman.kube.status;

/** Counts writes. It is called from the threads that write. */
public interface WriteMetrics {
  /** A status was written. */
  void statusWritten();

  /** An Event was written. */
  void eventWritten();

  /** A call of the API server failed or was refused. */
  void failed();

  /** Sets whether this replica writes. */
  void leads(boolean leads);
}
