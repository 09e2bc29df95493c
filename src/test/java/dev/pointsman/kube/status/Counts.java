package dev.pointsman.kube.status;

import dev.pointsman.model.Diagnostic;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts what a replica writes. */
final class Counts implements WriteMetrics {
  final AtomicInteger statuses = new AtomicInteger();
  final AtomicInteger events = new AtomicInteger();
  final AtomicInteger failures = new AtomicInteger();
  volatile List<Diagnostic> diagnostics = List.of();

  @Override
  public void statusWritten() {
    statuses.incrementAndGet();
  }

  @Override
  public void eventWritten() {
    events.incrementAndGet();
  }

  @Override
  public void failed() {
    failures.incrementAndGet();
  }

  @Override
  public void diagnostics(List<Diagnostic> present) {
    diagnostics = List.copyOf(present);
  }

  @Override
  public void leads(boolean leads) {}
}
