package dev.pointsman.observe;

import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.hook.Repetition;
import dev.pointsman.hook.TranslationResult;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.LatestByGateway;
import dev.pointsman.model.ObjectRef;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs a line per translation, and a line for each diagnostic that the Gateway's last translation did not have. */
public final class TranslationLog {
  private static final Logger LOG = LoggerFactory.getLogger(TranslationLog.class);
  private static final int GATEWAYS = 1000;

  private final Predicate<ObjectRef> gone;
  private final Supplier<List<Diagnostic>> ofObjects;
  private final LatestByGateway<ObjectRef, Last> latest = new LatestByGateway<>(GATEWAYS);

  /** The last translation of some Gateways. */
  private record Last(Set<Diagnostic> diagnostics, int poolClusters, Instant time) {}

  /**
   * Creates an empty log and registers the number of diagnostics in the metrics.
   *
   * @param gone whether a Gateway is known to be deleted: Envoy Gateway stops its translations without a notice
   * @param ofObjects the diagnostics of the source's objects, which are counted as well
   */
  public TranslationLog(
      HookMetrics metrics, Predicate<ObjectRef> gone, Supplier<List<Diagnostic>> ofObjects) {
    this.gone = gone;
    this.ofObjects = ofObjects;
    metrics.diagnostics(this::countByReason);
    metrics.poolClusters(this::poolClusters);
  }

  // Diagnostics of deleted Gateways are not counted, but kept: a new Gateway may be translated
  // before it is in the snapshot.
  private synchronized Map<Diagnostic.Reason, Long> countByReason() {
    List<Set<Diagnostic>> counted = present().map(Last::diagnostics).toList();
    Stream<Diagnostic> others = ofObjects.get().stream()
        .filter(problem -> counted.stream().noneMatch(gateway -> gateway.contains(problem)));
    return GatewayTranslation.count(
        Stream.concat(counted.stream().flatMap(Set::stream), others).toList());
  }

  private synchronized int poolClusters() {
    return present().mapToInt(Last::poolClusters).sum();
  }

  /** The last translation of each Gateway ({@code namespace/name}); merged Gateways have the same one. */
  public synchronized Map<String, GatewayTranslation> byGateway() {
    Map<String, GatewayTranslation> byGateway = new TreeMap<>();
    entries()
        .forEach(entry -> entry.getKey().forEach(gateway -> {
          boolean isGateway = gateway.kind().equals("Gateway");
          boolean isAlone = isGateway && entry.getKey().size() == 1;
          Last last = entry.getValue();
          byGateway.put(
              isGateway ? gateway.namespace() + "/" + gateway.name() : gateway.toString(),
              new GatewayTranslation(
                  GatewayTranslation.count(last.diagnostics()),
                  isAlone ? last.poolClusters() : 0,
                  last.time()));
        }));
    return byGateway;
  }

  private Stream<Last> present() {
    return entries().map(Map.Entry::getValue);
  }

  private Stream<Map.Entry<Set<ObjectRef>, Last>> entries() {
    return latest.byGateways().entrySet().stream()
        .filter(entry -> !entry.getKey().stream().allMatch(gone));
  }

  /** Logs a successful translation. */
  public void log(Repetition made, Duration took) {
    log(made.request(), made.result(), took);
  }

  /** Logs a successful translation. */
  public void log(PostTranslateModifyRequest request, TranslationResult result, Duration took) {
    String name = ListenerNames.of(request).toString();
    TranslationResult.Summary summary = result.summary();
    double tookMs = Math.round(took.toNanos() / 1e5) / 10.0;
    // Only the JSON format writes the key-value pairs.
    LOG.atInfo()
        .addKeyValue("gateway", name)
        .addKeyValue("tookMs", tookMs)
        .addKeyValue("clusters", summary.clusters())
        .addKeyValue("listeners", summary.listeners())
        .addKeyValue("routeConfigurations", summary.routeConfigurations())
        .addKeyValue("routes", summary.routes())
        .addKeyValue("diagnostics", result.diagnostics().size())
        .log(
            "translated {} in {} ms: rewrote {} of {} clusters, {} of {} listeners, {} of {} route configurations"
                + " ({} routes); {}",
            name,
            tookMs,
            summary.clusters(),
            request.getClustersCount(),
            summary.listeners(),
            request.getListenersCount(),
            summary.routeConfigurations(),
            request.getRoutesCount(),
            summary.routes(),
            count(result.diagnostics().size()));
    Set<Diagnostic> now = Set.copyOf(result.diagnostics());
    Set<Diagnostic> before =
        replace(result.gateways(), new Last(now, summary.clusters(), Instant.now()));
    result.diagnostics().stream()
        .filter(diagnostic -> !before.contains(diagnostic))
        .forEach(diagnostic -> DiagnosticLines.log(LOG.atWarn(), "{}", diagnostic));
  }

  // Envoy Gateway translates its Gateways in turn, so diagnostics are compared with the last
  // translation of the same Gateway; compared with another one, all would be new.
  private synchronized Set<Diagnostic> replace(Set<ObjectRef> gateways, Last now) {
    Set<Diagnostic> before = new HashSet<>();
    latest.put(gateways, now).forEach(last -> before.addAll(last.diagnostics()));
    return before;
  }

  private static String count(int diagnostics) {
    return switch (diagnostics) {
      case 0 -> "no diagnostics";
      case 1 -> "1 diagnostic";
      default -> diagnostics + " diagnostics";
    };
  }
}
