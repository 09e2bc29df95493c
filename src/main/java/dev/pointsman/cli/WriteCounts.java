package dev.pointsman.cli;

import dev.pointsman.kube.status.WriteMetrics;
import dev.pointsman.observe.Metrics;
import dev.pointsman.observe.Metrics.ApiCall;

/** Counts what is written to the API server. */
record WriteCounts(Metrics metrics) implements WriteMetrics {
  @Override
  public void statusWritten(String resource) {
    metrics.statusWritten();
  }

  @Override
  public void eventWritten() {}

  @Override
  public void failed() {
    metrics.apiError(ApiCall.WRITE);
  }

  @Override
  public void leads(boolean leads) {
    metrics.leader(leads);
  }
}
