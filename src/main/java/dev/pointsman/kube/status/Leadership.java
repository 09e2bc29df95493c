package dev.pointsman.kube.status;

/** The permission of this replica to write. */
interface Leadership extends AutoCloseable {
  /** Whether a write may begin now. */
  boolean holds();

  /** Starts the election; the listener is called each time that leadership is gained. */
  void start(Runnable gained);

  /** Ends leadership for good: no new write may begin. */
  void resign();

  /** Releases leadership to another replica at once. Writers must have stopped before. */
  @Override
  void close();

  /** The leadership of a single replica. */
  final class Alone implements Leadership {
    private final WriteMetrics metrics;
    private volatile boolean resigned;

    Alone(WriteMetrics metrics) {
      this.metrics = metrics;
    }

    @Override
    public boolean holds() {
      return !resigned;
    }

    @Override
    public void start(Runnable gained) {
      metrics.leads(true);
      gained.run();
    }

    @Override
    public void resign() {
      resigned = true;
      metrics.leads(false);
    }

    @Override
    public void close() {
      resign();
    }
  }
}
