package dev.pointsman.hook;

import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.plan.ReadResults;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The answer of the Translation hook and its diagnostics.
 *
 * @param diagnostics sorted, without duplicates
 * @param reads of the cluster's objects
 * @param gateways the Gateways that were translated, or what stands for them if the request does not name them
 */
public record TranslationResult(
    PostTranslateModifyResponse response,
    List<Diagnostic> diagnostics,
    ReadResults reads,
    Summary summary,
    Set<ObjectRef> gateways) {
  /** The numbers of Envoy Gateway's resources that the answer changes. */
  public record Summary(int clusters, int listeners, int routeConfigurations, int routes) {}

  /** Reasons of diagnostics about state that the Endpoints hook did not report and the next translation may have. */
  private static final Set<Reason> ENDPOINTS_HOOK_REASONS =
      Set.of(Reason.UnknownWeights, Reason.UnknownEndpoints);

  /** The routes for which state from the Endpoints hook was missing. */
  public Set<ObjectRef> incompleteRoutes() {
    return diagnostics.stream()
        .filter(diagnostic -> ENDPOINTS_HOOK_REASONS.contains(diagnostic.reason()))
        .map(Diagnostic::about)
        .collect(Collectors.toSet());
  }

  public TranslationResult {
    diagnostics = List.copyOf(diagnostics);
    gateways = Set.copyOf(gateways);
  }
}
