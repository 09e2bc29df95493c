package dev.pointsman.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** Metrics of endpoint discovery. */
public final class EndpointMetrics {
  private final AtomicInteger streams = new AtomicInteger();
  private final Counter pushes;
  private final Counter nacks;

  EndpointMetrics(MeterRegistry registry) {
    Gauge.builder("pointsman.eds.streams", streams::get)
        .description("Open streams of endpoint discovery, one per cluster and proxy.")
        .register(registry);
    pushes = Counter.builder("pointsman.eds.pushes")
        .description("Responses of endpoint discovery to proxies.")
        .register(registry);
    nacks = Counter.builder("pointsman.eds.nacks")
        .description("Responses of endpoint discovery that a proxy rejected (NACK).")
        .register(registry);
  }

  /** Counts an opened stream. */
  public void opened() {
    streams.incrementAndGet();
  }

  /** Counts a closed stream. */
  public void closed() {
    streams.decrementAndGet();
  }

  /** Counts a response to a proxy. */
  public void pushed() {
    pushes.increment();
  }

  /** Counts a NACK of a proxy. */
  public void refused() {
    nacks.increment();
  }
}
