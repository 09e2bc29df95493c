package dev.pointsman.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** Our calls of the Kubernetes API server, and what is written there. */
public final class ApiMetrics {
  /** What we ask of the API server. */
  public enum Call {
    READ,
    /** StatusController, Events, the Lease of leader election, and what asks for a translation. */
    WRITE
  }

  private final Counter statuses;
  private final Counter events;
  private final Labelled<Call, Counter> errors;
  private final AtomicInteger leader = new AtomicInteger();

  ApiMetrics(MeterRegistry registry) {
    statuses = Counter.builder("pointsman.status.writes")
        .description("StatusController written to the API server.")
        .register(registry);
    events = Counter.builder("pointsman.event.writes")
        .description("Events written to the API server.")
        .register(registry);
    errors = new Labelled<>(
        Call.class,
        call -> Counter.builder("pointsman.api.errors")
            .description("Calls of the API server that failed.")
            .tag("call", Labelled.snakeCase(call))
            .register(registry));
    Gauge.builder("pointsman.leader", leader::get)
        .description("1 where this replica writes statuses.")
        .register(registry);
  }

  /** A status was written. */
  public void statusWritten() {
    statuses.increment();
  }

  /** An Event was written. */
  public void eventWritten() {
    events.increment();
  }

  /** A call failed. */
  public void failed(Call call) {
    errors.of(call).increment();
  }

  /** Whether this replica is the leader now. */
  public void leader(boolean leads) {
    leader.set(leads ? 1 : 0);
  }
}
