package dev.pointsman.kube.status;

/** Whether this replica may write. */
interface Leadership extends AutoCloseable {
  /** Whether a write may begin now. */
  boolean holds();

  /** Starts to strive for it; the listener is called each time that it is gained. */
  void start(Runnable gained);

  /** No write may begin any more. */
  void resign();

  /** Lets another replica have it at once. Whoever writes has to have stopped. */
  @Override
  void close();

  /** That of the only replica. */
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
