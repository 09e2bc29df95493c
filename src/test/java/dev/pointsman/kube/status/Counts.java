package dev.pointsman.kube.status;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts what a replica writes. */
final class Counts implements WriteMetrics {
  final AtomicInteger statuses = new AtomicInteger();
  final AtomicInteger events = new AtomicInteger();
  final AtomicInteger failures = new AtomicInteger();

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
  public void leads(boolean leads) {}
}
