package dev.pointsman.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** Endpoint discovery. */
public final class EndpointMetrics {
  private final AtomicInteger streams = new AtomicInteger();
  private final Counter pushes;
  private final Counter nacks;

  EndpointMetrics(MeterRegistry registry) {
    Gauge.builder("pointsman.eds.streams", streams::get)
        .description("Open streams of endpoint discovery, one a cluster a proxy.")
        .register(registry);
    pushes = Counter.builder("pointsman.eds.pushes")
        .description("Answers of endpoint discovery to proxies.")
        .register(registry);
    nacks = Counter.builder("pointsman.eds.nacks")
        .description("Answers of endpoint discovery that a proxy refused.")
        .register(registry);
  }

  /** A proxy opened a stream. */
  public void opened() {
    streams.incrementAndGet();
  }

  /** A stream ended. */
  public void closed() {
    streams.decrementAndGet();
  }

  /** A proxy was told endpoints. */
  public void pushed() {
    pushes.increment();
  }

  /** A proxy refused the endpoints that it was told. */
  public void refused() {
    nacks.increment();
  }
}
