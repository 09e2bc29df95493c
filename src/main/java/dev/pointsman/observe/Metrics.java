package dev.pointsman.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/**
 * What {@code /metrics} tells, in Prometheus' text format. Every series exists from the start, at zero, so that an alert
 * on its rate works; labels take their values from enums only, so that no object of a user's adds a series. All methods
 * of the parts may be called on any thread and cost less than a microsecond.
 */
public final class Metrics {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final HookMetrics hooks = new HookMetrics(registry);
  private final EndpointMetrics endpoints = new EndpointMetrics(registry);
  private final SourceMetrics source = new SourceMetrics(registry);
  private final ApiMetrics api = new ApiMetrics(registry);
  private final CertificateMetrics certificates = new CertificateMetrics(registry);
  private boolean scraped;

  /** Metrics at zero. */
  public Metrics() {
    String version = Metrics.class.getPackage().getImplementationVersion();
    Gauge.builder("pointsman.build.info", () -> 1)
        .description("Always 1.")
        .tag("version", version == null ? "unknown" : version)
        .tag("java", Runtime.version().toString())
        .register(registry);
  }

  /** Envoy Gateway's calls. */
  public HookMetrics hooks() {
    return hooks;
  }

  /** Endpoint discovery. */
  public EndpointMetrics endpoints() {
    return endpoints;
  }

  /** The objects that are known. */
  public SourceMetrics source() {
    return source;
  }

  /** Our calls of the API server. */
  public ApiMetrics api() {
    return api;
  }

  /** The certificates of the gRPC ports. */
  public CertificateMetrics certificates() {
    return certificates;
  }

  /** All series in Prometheus' text format, version 0.0.4. */
  public synchronized String scrape() {
    if (!scraped) {
      scraped = true;
      watchJvm(); // here and not at the start, which it would delay
    }
    return registry.scrape();
  }

  @SuppressWarnings("resource") // it listens to the garbage collector as long as the process lives
  private void watchJvm() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmGcMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }
}
