package dev.pointsman.hook;

import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.ObjectRef;
import java.util.List;
import java.util.Set;

/**
 * What the Translation hook answers and what there is to say about it.
 *
 * @param diagnostics sorted, each once
 * @param gateways the Gateways that were translated; empty when Envoy Gateway does not tell
 */
public record TranslationResult(
    PostTranslateModifyResponse response,
    List<Diagnostic> diagnostics,
    Summary summary,
    Set<ObjectRef> gateways) {
  /** The numbers of Envoy Gateway's resources that the answer changes. */
  public record Summary(int clusters, int listeners, int routeConfigurations, int routes) {}

  /** Reasons for diagnostics about something that only the Endpoints hook reports. */
  private static final Set<Reason> UNTOLD = Set.of(Reason.UnknownWeights, Reason.UnknownEndpoints);

  /** Whether something that the Endpoints hook tells was not known. */
  public boolean isIncomplete() {
    return diagnostics.stream().anyMatch(diagnostic -> UNTOLD.contains(diagnostic.reason()));
  }

  public TranslationResult {
    diagnostics = List.copyOf(diagnostics);
    gateways = Set.copyOf(gateways);
  }
}
