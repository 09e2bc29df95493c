package dev.pointsman.observe;

import dev.pointsman.hook.TranslationResult;
import dev.pointsman.incremental.TranslationCache;
import dev.pointsman.model.Diagnostic;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Metrics of Envoy Gateway's calls and their results. */
public final class HookMetrics {
  /** The hooks that Envoy Gateway calls, spelled as its configuration spells them. */
  public enum Hook {
    ROUTE,
    ENDPOINTS,
    TRANSLATION
  }

  /** The outcome of a hook's call. */
  public enum Outcome {
    /** The call succeeded. */
    OK,
    /** The call failed, and the resource was returned unchanged. */
    PASSED_THROUGH,
    /** Envoy Gateway got an error and keeps its configuration. */
    ERROR
  }

  /** A call of a hook, with its duration without the wait for readiness. */
  record HookCall(Hook hook, Outcome outcome, Duration took, int requestBytes) {}

  private static final Duration[] BUCKETS = List.of(
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

  /** The buckets of request sizes, 1 KiB to 256 MiB. */
  private static final double[] SIZE_BUCKETS = {
    1 << 10, 1 << 12, 1 << 14, 1 << 16, 1 << 18, 1 << 20, 1 << 22, 1 << 24, 1 << 26, 1 << 28
  };

  private final MeterRegistry registry;
  private final LabelledMeters<Hook, LabelledMeters<Outcome, Timer>> calls;
  private final LabelledMeters<Hook, DistributionSummary> requestBytes;
  private final Counter clusters;
  private final Counter listeners;
  private final Counter routeConfigurations;
  private final Counter routes;
  private final AtomicLong lastCallMillis = new AtomicLong();
  private volatile Consumer<HookCall> spans = _ -> {};

  /** The suppliers of function counters, which the registry references weakly: without this they would be collected. */
  private final List<Supplier<Number>> reuseCounts = new ArrayList<>();

  HookMetrics(MeterRegistry registry) {
    this.registry = registry;
    calls = new LabelledMeters<>(
        Hook.class,
        hook -> new LabelledMeters<>(
            Outcome.class,
            outcome -> Timer.builder("pointsman.hook")
                .description("Time in a hook, without waiting until the server is ready.")
                .tag("hook", LabelledMeters.camelCase(hook))
                .tag("outcome", LabelledMeters.snakeCase(outcome))
                .serviceLevelObjectives(BUCKETS)
                .register(registry)));
    requestBytes = new LabelledMeters<>(
        Hook.class,
        hook -> DistributionSummary.builder("pointsman.hook.request")
            .description("Size of a hook's request.")
            .baseUnit("bytes")
            .tag("hook", LabelledMeters.camelCase(hook))
            .serviceLevelObjectives(SIZE_BUCKETS)
            .register(registry));
    clusters = rewritten("Cluster");
    listeners = rewritten("Listener");
    routeConfigurations = rewritten("RouteConfiguration");
    routes = rewritten("Route");
    TimeGauge.builder("pointsman.hook.last.call", lastCallMillis::get, TimeUnit.MILLISECONDS)
        .description("Unix time of Envoy Gateway's last call of a hook; 0 before the first one.")
        .register(registry);
  }

  /** Records a call of a hook. */
  public void called(Hook hook, Outcome outcome, Duration took, int requestBytes) {
    calls.of(hook).of(outcome).record(took);
    this.requestBytes.of(hook).record(requestBytes);
    lastCallMillis.set(System.currentTimeMillis());
    spans.accept(new HookCall(hook, outcome, took, requestBytes));
  }

  /** The time of Envoy Gateway's last call; empty before the first one. */
  public Optional<Instant> lastCall() {
    return Optional.of(lastCallMillis.get()).filter(at -> at > 0).map(Instant::ofEpochMilli);
  }

  /** Makes spans of the calls from now on. */
  public void traced(HookSpans hookSpans) {
    spans = hookSpans::accept;
  }

  /** Counts the resources that a translation rewrote. */
  public void rewritten(TranslationResult.Summary summary) {
    clusters.increment(summary.clusters());
    listeners.increment(summary.listeners());
    routeConfigurations.increment(summary.routeConfigurations());
    routes.increment(summary.routes());
  }

  /** Registers the supplier of the present numbers of diagnostics by reason. */
  public void diagnostics(Supplier<Map<Diagnostic.Reason, Long>> counts) {
    for (Diagnostic.Reason reason : Diagnostic.Reason.values()) {
      if (!reason.isOfServer()) {
        continue;
      }
      Gauge.builder("pointsman.diagnostics", () -> counts.get().getOrDefault(reason, 0L))
          .description(
              "Diagnostics of this replica's last translation of each Gateway, and of objects; another replica may have later ones.")
          .tag("code", reason.code())
          .tag("reason", reason.name())
          .register(registry);
    }
  }

  /** Registers the supplier of the number of pools' clusters in the last translation of each Gateway. */
  public void poolClusters(Supplier<Number> count) {
    Gauge.builder("pointsman.pool.clusters", count)
        .description(
            "Clusters of pools in the last translation of each Gateway; proxies request their endpoints.")
        .register(registry);
  }

  /** Registers the supplier of the hits and misses of earlier results by the name of the step. */
  public void reuse(Supplier<? extends Map<String, TranslationCache.Counts>> counts) {
    for (String step : counts.get().keySet()) {
      reuse(step, "hit", () -> counts(counts, step).hits());
      reuse(step, "miss", () -> counts(counts, step).misses());
    }
  }

  private static TranslationCache.Counts counts(
      Supplier<? extends Map<String, TranslationCache.Counts>> counts, String step) {
    return counts.get().getOrDefault(step, TranslationCache.Counts.NONE);
  }

  private void reuse(String step, String outcome, Supplier<Number> count) {
    reuseCounts.add(count);
    FunctionCounter.builder(
            "pointsman.translation.reuse", count, uses -> uses.get().doubleValue())
        .description("Results of translation steps that were reused (hit) or computed (miss).")
        .tag("step", step)
        .tag("outcome", outcome)
        .register(registry);
  }

  private Counter rewritten(String kind) {
    return Counter.builder("pointsman.rewritten.resources")
        .description("xDS resources that translations rewrote or added.")
        .tag("kind", kind)
        .register(registry);
  }
}
