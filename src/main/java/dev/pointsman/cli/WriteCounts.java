package dev.pointsman.cli;

import dev.pointsman.kube.status.WriteMetrics;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.observe.ApiMetrics;
import dev.pointsman.observe.ApiMetrics.ApiCall;
import java.util.List;

/** Counts writes to the API server. */
record WriteCounts(ApiMetrics metrics) implements WriteMetrics {
  @Override
  public void statusWritten() {
    metrics.statusWritten();
  }

  @Override
  public void eventWritten() {
    metrics.eventWritten();
  }

  @Override
  public void failed() {
    metrics.failed(ApiCall.WRITE);
  }

  @Override
  public void diagnostics(List<Diagnostic> present) {
    metrics.diagnostics(present);
  }

  @Override
  public void leads(boolean leads) {
    metrics.leader(leads);
  }
}
