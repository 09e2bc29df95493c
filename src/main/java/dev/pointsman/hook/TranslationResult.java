package dev.pointsman.hook;

import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.model.Diagnostic;
import java.util.List;

/**
 * What the Translation hook answers and what there is to say about it.
 *
 * @param diagnostics sorted, each once
 */
public record TranslationResult(
    PostTranslateModifyResponse response, List<Diagnostic> diagnostics, Summary summary) {
  /** What was rewritten, in numbers. */
  public record Summary(int clusters, int listeners, int routeConfigurations, int routes) {}

  public TranslationResult {
    diagnostics = List.copyOf(diagnostics);
  }
}
