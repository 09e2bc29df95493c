package dev.pointsman.explain;

import dev.pointsman.model.LatestByGateway;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The answer of one translation to a question about a request.
 *
 * @param gateways the namespaces and names of its Gateways; empty if they are not known
 * @param translatedAt the time of the translation; empty if it is not known
 * @param explanation empty if the question names another Gateway, or is not clear
 * @param unclear the reason why the question is not clear; empty if it is
 */
public record GatewayAnswer(
    Set<String> gateways,
    Optional<Instant> translatedAt,
    Optional<Explanation> explanation,
    String unclear) {
  public GatewayAnswer {
    gateways = Set.copyOf(gateways);
  }

  /**
   * The answers of several replicas, without those of a translation that a newer one has replaced. Envoy Gateway calls
   * one replica at a time, and the others keep what they were told last.
   */
  public static List<GatewayAnswer> newest(Collection<GatewayAnswer> ofReplicas) {
    LatestByGateway<String, GatewayAnswer> latest = new LatestByGateway<>(Integer.MAX_VALUE);
    ofReplicas.stream()
        .sorted(Comparator.comparing(one -> one.translatedAt().orElse(Instant.MIN)))
        .forEach(one -> {
          var _ = latest.put(one.gateways(), one);
        });
    return List.copyOf(latest.byGateways().values());
  }
}
