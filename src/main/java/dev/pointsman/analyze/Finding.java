package dev.pointsman.analyze;

import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import java.util.Comparator;

/**
 * A mistake in a manifest.
 *
 * @param diagnostic the object, the field and the mistake
 * @param file empty for an object of the API server
 * @param line of the field, from 1; 0 for an object of the API server
 * @param effect the effect on traffic, as a sentence without its end
 * @param remedy the change that repairs it, as a sentence without its end
 */
public record Finding(Diagnostic diagnostic, String file, int line, String effect, String remedy)
    implements Comparable<Finding> {
  private static final Comparator<Finding> ORDER = Comparator.comparing(Finding::file)
      .thenComparingInt(Finding::line)
      .thenComparing(finding -> finding.reason().code())
      .thenComparing(Finding::diagnostic);

  /** The catalogue's entry. */
  public Reason reason() {
    return diagnostic.reason();
  }

  @Override
  public int compareTo(Finding other) {
    return ORDER.compare(this, other);
  }
}
