package dev.pointsman.observe;

import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;

/**
 * A Gateway's last translation by this replica. Envoy Gateway calls one replica at a time, so that another one may have a
 * later translation: only the times tell.
 *
 * @param diagnostics their number by reason
 * @param poolClusters the number of pools' clusters; 0 for merged Gateways
 */
public record GatewayTranslation(Map<Reason, Long> diagnostics, int poolClusters, Instant time) {
  /** The number of the diagnostics by reason. */
  static Map<Reason, Long> count(Collection<Diagnostic> diagnostics) {
    Map<Reason, Long> counts = new EnumMap<>(Reason.class);
    diagnostics.forEach(one -> counts.merge(one.reason(), 1L, Long::sum));
    return counts;
  }
}
