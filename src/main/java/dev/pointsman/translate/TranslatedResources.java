package dev.pointsman.translate;

import com.google.protobuf.ByteString;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.plan.ReadResults;
import java.util.List;

/**
 * The resources of the answer, as serialized messages of Envoy's API.
 *
 * @param diagnostics sorted, without duplicates
 * @param reads of the cluster's objects
 */
public record TranslatedResources(
    List<ByteString> clusters,
    List<ByteString> listeners,
    List<ByteString> routes,
    List<Diagnostic> diagnostics,
    ReadResults reads,
    ChangeCounts changes) {
  /** The numbers of Envoy Gateway's resources that the answer changes. */
  public record ChangeCounts(int clusters, int listeners, int routeConfigurations, int routes) {
    private static final ChangeCounts NONE = new ChangeCounts(0, 0, 0, 0);
  }

  /** The answer of a translation without relevant routes. */
  static TranslatedResources unchanged(TranslationInputs inputs, Diagnostics diagnostics) {
    return new TranslatedResources(
        inputs.clusters().get().originals(),
        inputs.listeners(),
        inputs.routes(),
        diagnostics.sorted(),
        ReadResults.NONE,
        ChangeCounts.NONE);
  }
}
