package dev.pointsman.observe;

import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.hook.TranslationResult;
import dev.pointsman.model.Diagnostic;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A line a translation, and a line for each diagnostic that the gateway's last translation did not have. */
public final class TranslationLog {
  private static final Logger LOG = LoggerFactory.getLogger(TranslationLog.class);
  private static final int GATEWAYS = 1000;

  private final Map<String, Set<Diagnostic>> lastByGateway = new LinkedHashMap<>(16, 0.75f, true) {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Set<Diagnostic>> eldest) {
      return size() > GATEWAYS;
    }
  };

  /** A log of no translation yet, which tells the metrics how many diagnostics there are. */
  public TranslationLog(Metrics metrics) {
    metrics.diagnostics(this::countByReason);
  }

  private synchronized Map<Diagnostic.Reason, Long> countByReason() {
    return lastByGateway.values().stream()
        .flatMap(Set::stream)
        .collect(Collectors.groupingBy(Diagnostic::reason, Collectors.counting()));
  }

  /** Logs a translation that went well. */
  public void log(PostTranslateModifyRequest request, TranslationResult result, Duration took) {
    String gateway = GatewayName.of(request);
    TranslationResult.Summary summary = result.summary();
    String name = gateway.isEmpty() ? "a gateway without listeners" : gateway;
    double tookMs = Math.round(took.toNanos() / 1e5) / 10.0;
    // The key-value pairs are for machines: only the JSON format writes them.
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
    Set<Diagnostic> before = replace(gateway, now);
    result.diagnostics().stream()
        .filter(diagnostic -> !before.contains(diagnostic))
        .forEach(diagnostic -> LOG.atWarn()
            .addKeyValue("reason", diagnostic.reason())
            .addKeyValue("object", diagnostic.about())
            .log("{}", diagnostic));
  }

  // Envoy Gateway translates its Gateways in turn: compared with the previous translation of
  // another one, everything
  // would be new every time.
  private synchronized Set<Diagnostic> replace(String gateway, Set<Diagnostic> now) {
    Set<Diagnostic> before = lastByGateway.put(gateway, now);
    return before == null ? Set.of() : before;
  }

  private static String count(int diagnostics) {
    return switch (diagnostics) {
      case 0 -> "no diagnostics";
      case 1 -> "1 diagnostic";
      default -> diagnostics + " diagnostics";
    };
  }
}
