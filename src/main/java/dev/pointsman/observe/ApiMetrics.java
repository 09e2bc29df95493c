package dev.pointsman.observe;

import dev.pointsman.model.Diagnostic;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Metrics of calls of the Kubernetes API server and of the writes. */
public final class ApiMetrics {
  /** The kinds of calls of the API server. */
  public enum ApiCall {
    READ,
    /** Writes of statuses, Events, the Lease of leader election and requests for a translation. */
    WRITE
  }

  private final Counter statuses;
  private final Counter events;
  private final LabelledMeters<ApiCall, Counter> errors;
  private final AtomicInteger leader = new AtomicInteger();
  private volatile List<Diagnostic> diagnostics = List.of();

  ApiMetrics(MeterRegistry registry) {
    statuses = Counter.builder("pointsman.status.writes")
        .description("Statuses written to the API server.")
        .register(registry);
    events = Counter.builder("pointsman.event.writes")
        .description("Events written to the API server.")
        .register(registry);
    errors = LabelledMeters.counters(
        registry,
        "pointsman.api.errors",
        "Calls of the API server that failed.",
        "call",
        ApiCall.class);
    Gauge.builder("pointsman.leader", leader::get)
        .description("1 where this replica writes statuses.")
        .register(registry);
  }

  /** Counts a written status. */
  public void statusWritten() {
    statuses.increment();
  }

  /** Counts a written Event. */
  public void eventWritten() {
    events.increment();
  }

  /** Counts a failed call. */
  public void failed(ApiCall call) {
    errors.of(call).increment();
  }

  /** Sets whether this replica is the leader. The next leader has the diagnostics of statuses. */
  public synchronized void leader(boolean leads) {
    leader.set(leads ? 1 : 0);
    if (!leads) {
      diagnostics = List.of();
    }
  }

  /** Sets the diagnostics that only statuses have, and logs those that have come or gone. */
  public synchronized void diagnostics(List<Diagnostic> present) {
    if (leader.get() == 1) { // a pass may end after the leadership
      DiagnosticLines.logChanges(diagnostics, present);
      diagnostics = List.copyOf(present);
    }
  }

  /** The present diagnostics of statuses; none where another replica writes them. */
  List<Diagnostic> diagnostics() {
    return diagnostics;
  }
}
