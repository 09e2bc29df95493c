package dev.pointsman.observe;

import dev.pointsman.hook.TranslationResult;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.SourceState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * What {@code /metrics} tells, in Prometheus' text format. Every series exists from the start, at zero, so that an alert
 * on its rate works; labels take their values from enums only, so that no object of a user's adds a series. Methods may
 * be called on any thread and cost less than a microsecond.
 */
public final class Metrics {
  /** The hooks that Envoy Gateway calls, spelled as its configuration spells them. */
  public enum Hook {
    ROUTE,
    ENDPOINTS,
    TRANSLATION
  }

  /** How a hook's call ended. */
  public enum HookOutcome {
    /** As it should. */
    OK,
    /** It failed, and the resource went back as it came. */
    PASSED_THROUGH,
    /** Envoy Gateway got an error and keeps the configuration that it had. */
    ERROR
  }

  /** What we ask of the API server. */
  public enum ApiCall {
    READ,
    /** Statuses, Events, and the Lease of leader election. */
    WRITE
  }

  /** The certificates that we use, named as the options that they come from. */
  public enum Certificate {
    SERVER,
    GRPC_CLIENT_CA,
    EDS_CLIENT_CA
  }

  private static final Duration[] HOOK_BUCKETS = List.of(
          100L,
          250L,
          500L,
          1_000L,
          2_500L,
          5_000L,
          10_000L,
          25_000L,
          50_000L,
          100_000L,
          250_000L,
          500_000L,
          1_000_000L,
          2_500_000L,
          5_000_000L,
          10_000_000L)
      .stream()
      .map(micros -> Duration.ofNanos(micros * 1000))
      .toArray(Duration[]::new);

  /** 1 KiB to 256 MiB. */
  private static final double[] SIZE_BUCKETS = {
    1 << 10, 1 << 12, 1 << 14, 1 << 16, 1 << 18, 1 << 20, 1 << 22, 1 << 24, 1 << 26, 1 << 28
  };

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Map<Hook, Map<HookOutcome, Timer>> hooks = each(
      Hook.class,
      hook -> each(
          HookOutcome.class,
          outcome -> Timer.builder("pointsman.hook")
              .description("Time in a hook, without waiting until the server is ready.")
              .tag("hook", camelCase(hook))
              .tag("outcome", snakeCase(outcome))
              .serviceLevelObjectives(HOOK_BUCKETS)
              .register(registry)));
  private final Map<Hook, DistributionSummary> requestBytes = each(
      Hook.class,
      hook -> DistributionSummary.builder("pointsman.hook.request")
          .description("Size of a hook's request.")
          .baseUnit("bytes")
          .tag("hook", camelCase(hook))
          .serviceLevelObjectives(SIZE_BUCKETS)
          .register(registry));
  private final Counter rewrittenClusters = rewritten("Cluster");
  private final Counter rewrittenListeners = rewritten("Listener");
  private final Counter rewrittenRouteConfigurations = rewritten("RouteConfiguration");
  private final Counter rewrittenRoutes = rewritten("Route");
  private final Counter statusWrites = Counter.builder("pointsman.status.writes")
      .description("Statuses written to the API server.")
      .register(registry);
  private final Map<ApiCall, Counter> apiErrors = each(
      ApiCall.class,
      call -> Counter.builder("pointsman.api.errors")
          .description("Calls of the API server that failed.")
          .tag("call", snakeCase(call))
          .register(registry));
  private final Counter endpointPushes = Counter.builder("pointsman.eds.pushes")
      .description("Answers of endpoint discovery to proxies.")
      .register(registry);
  private final Counter endpointNacks = Counter.builder("pointsman.eds.nacks")
      .description("Answers of endpoint discovery that a proxy refused.")
      .register(registry);
  private final Counter goodCertificates = certificateReloads("ok");
  private final Counter badCertificates = certificateReloads("error");
  private final AtomicInteger endpointStreams =
      gauge("pointsman.eds.streams", "Open streams of endpoint discovery, one a cluster a proxy.");
  private final AtomicInteger leader =
      gauge("pointsman.leader", "1 where this replica writes statuses.");

  private volatile ClusterSnapshot snapshot = ClusterSnapshot.EMPTY;
  private volatile Instant changed = Instant.now();
  private boolean scraped;

  /** Metrics at zero. */
  public Metrics() {
    objects("InferencePool", now -> now.pools().size());
    objects("Pod", now -> now.pods().size());
    objects("Service", now -> now.services().size());
    objects(
        "EndpointSlice",
        now -> now.slices().values().stream().mapToInt(List::size).sum());
    objects("HTTPRoute", now -> now.routes().size());
    objects("InferenceModel", now -> now.models().size());
    objects("ReferenceGrant", now -> now.grants().size());
    Gauge.builder("pointsman.snapshot.age", () -> secondsSince(changed))
        .description("Seconds since the objects last changed.")
        .baseUnit("seconds")
        .register(registry);
    String version = Metrics.class.getPackage().getImplementationVersion();
    Gauge.builder("pointsman.build.info", () -> 1)
        .description("Always 1.")
        .tag("version", version == null ? "unknown" : version)
        .tag("java", Runtime.version().toString())
        .register(registry);
  }

  /** A hook was called. */
  public void hook(Hook hook, HookOutcome outcome, Duration took, int requestBytes) {
    of(of(hooks, hook), outcome).record(took);
    of(this.requestBytes, hook).record(requestBytes);
  }

  /** A translation rewrote resources. */
  public void rewritten(TranslationResult.Summary summary) {
    rewrittenClusters.increment(summary.clusters());
    rewrittenListeners.increment(summary.listeners());
    rewrittenRouteConfigurations.increment(summary.routeConfigurations());
    rewrittenRoutes.increment(summary.routes());
  }

  /** Where to read how many diagnostics there are now, by reason. */
  public void diagnostics(Supplier<Map<Diagnostic.Reason, Long>> counts) {
    for (Diagnostic.Reason reason : Diagnostic.Reason.values()) {
      Gauge.builder("pointsman.diagnostics", () -> counts.get().getOrDefault(reason, 0L))
          .description("Diagnostics of the last translation of each Gateway.")
          .tag("reason", reason.name())
          .register(registry);
    }
  }

  /** The objects have changed. */
  public void changed(ClusterSnapshot now) {
    snapshot = now;
    changed = Instant.now();
  }

  /** Where to read whether the source is connected. */
  public void source(Supplier<SourceState> state) {
    Gauge.builder(
            "pointsman.source.connected", () -> state.get().disconnectedSince().isEmpty() ? 1 : 0)
        .description("0 while the source of objects cannot be reached: what was read last is used.")
        .register(registry);
  }

  /** A proxy opened a stream of endpoint discovery. */
  public void endpointStreamOpened() {
    endpointStreams.incrementAndGet();
  }

  /** A stream of endpoint discovery ended. */
  public void endpointStreamClosed() {
    endpointStreams.decrementAndGet();
  }

  /** A proxy was told endpoints. */
  public void endpointsPushed() {
    endpointPushes.increment();
  }

  /** A proxy refused the endpoints that it was told. */
  public void endpointsRefused() {
    endpointNacks.increment();
  }

  /** A status was written. */
  public void statusWritten() {
    statusWrites.increment();
  }

  /** A call of the API server failed. */
  public void apiError(ApiCall call) {
    of(apiErrors, call).increment();
  }

  /** Whether this replica is the leader now. */
  public void leader(boolean leads) {
    leader.set(leads ? 1 : 0);
  }

  /** Where to read when a certificate expires. */
  public void certificate(Certificate certificate, Supplier<Instant> expires) {
    Gauge.builder("pointsman.certificate.expires", () -> expires.get().getEpochSecond())
        .description("When a certificate expires, in seconds since 1970.")
        .baseUnit("timestamp.seconds")
        .tag("certificate", snakeCase(certificate))
        .register(registry);
  }

  /** The files of a certificate have changed, and could be used or not. */
  public void certificateReload(boolean used) {
    (used ? goodCertificates : badCertificates).increment();
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

  private Counter rewritten(String kind) {
    return Counter.builder("pointsman.rewritten.resources")
        .description("xDS resources that translations rewrote or added.")
        .tag("kind", kind)
        .register(registry);
  }

  private Counter certificateReloads(String outcome) {
    return Counter.builder("pointsman.certificate.reloads")
        .description("Changes of certificate files: taken over, or refused and the old ones kept.")
        .tag("outcome", outcome)
        .register(registry);
  }

  private void objects(String kind, ToDoubleFunction<ClusterSnapshot> count) {
    Gauge.builder("pointsman.objects", () -> count.applyAsDouble(snapshot))
        .description("Objects that are known.")
        .tag("kind", kind)
        .register(registry);
  }

  private AtomicInteger gauge(String name, String description) {
    AtomicInteger value = new AtomicInteger();
    Gauge.builder(name, value::get).description(description).register(registry);
    return value;
  }

  private static double secondsSince(Instant then) {
    return Duration.between(then, Instant.now()).toMillis() / 1e3;
  }

  private static <K extends Enum<K>, V> Map<K, V> each(Class<K> kind, Function<K, V> made) {
    Map<K, V> map = new EnumMap<>(kind);
    for (K key : kind.getEnumConstants()) {
      map.put(key, made.apply(key));
    }
    return map;
  }

  /** Each key has its value: see {@link #each}. */
  @SuppressWarnings("NullAway")
  private static <K, V> V of(Map<K, V> map, K key) {
    return map.get(key);
  }

  private static String snakeCase(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static String camelCase(Enum<?> value) {
    return value.name().charAt(0) + value.name().substring(1).toLowerCase(Locale.ROOT);
  }
}
