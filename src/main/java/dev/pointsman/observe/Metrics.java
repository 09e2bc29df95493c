package dev.pointsman.observe;

import dev.pointsman.model.Diagnostic;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.stream.Stream;

/**
 * The metrics of {@code /metrics}, in Prometheus' text format. Every series exists from the start at zero, so alerts on
 * its rate work. Label values are enums only, so user objects cannot add series, but for those of {@link PoolMetrics} and
 * {@link GatewayMetrics}, whose number is bounded. All methods of the parts are thread-safe and take less than a
 * microsecond, but for those of {@link PoolMetrics}.
 */
public final class Metrics {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final HookMetrics hooks = new HookMetrics(registry);
  private final EndpointMetrics endpoints = new EndpointMetrics(registry);
  private final SourceMetrics source = new SourceMetrics(registry);
  private final PoolMetrics pools = new PoolMetrics(registry);
  private final GatewayMetrics gateways = new GatewayMetrics(registry);
  private final ApiMetrics api = new ApiMetrics(registry);
  private final SelfCheckMetrics selfChecks = new SelfCheckMetrics(registry);
  private final ShadowMetrics shadow = new ShadowMetrics(registry);
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

  /** The metrics of the hooks. */
  public HookMetrics hooks() {
    return hooks;
  }

  /** The metrics of endpoint discovery. */
  public EndpointMetrics endpoints() {
    return endpoints;
  }

  /** The metrics of the source of objects. */
  public SourceMetrics source() {
    return source;
  }

  /** The metrics of pools. */
  public PoolMetrics pools() {
    return pools;
  }

  /** The present problems of pools' pods and pickers, and, where statuses are written, those that only they have. */
  public List<Diagnostic> problems() {
    return Stream.concat(pools.problems().stream(), api.diagnostics().stream()).toList();
  }

  /** The metrics of Gateways. */
  public GatewayMetrics gateways() {
    return gateways;
  }

  /** The metrics of calls of the API server. */
  public ApiMetrics api() {
    return api;
  }

  /** The metrics of translations that were made again. */
  public SelfCheckMetrics selfChecks() {
    return selfChecks;
  }

  /** The metrics of comparisons with another Pointsman. */
  public ShadowMetrics shadow() {
    return shadow;
  }

  /** The metrics of certificates. */
  public CertificateMetrics certificates() {
    return certificates;
  }

  /** All series in Prometheus' text format, version 0.0.4. */
  public synchronized String scrape() {
    if (!scraped) {
      scraped = true;
      watchJvm(); // at the first scrape, because it would delay the start
    }
    pools.update();
    gateways.update();
    shadow.update();
    return registry.scrape();
  }

  @SuppressWarnings("resource") // it observes the garbage collector until the process ends
  private void watchJvm() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmGcMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }
}
