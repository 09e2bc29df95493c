package dev.pointsman.observe;

import dev.pointsman.model.Diagnostic;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Log lines about diagnostics. */
final class DiagnosticLines {
  private static final Logger LOG = LoggerFactory.getLogger(DiagnosticLines.class);

  private DiagnosticLines() {}

  /** Logs the diagnostics that have come, and those that have gone. */
  static void logChanges(Collection<Diagnostic> before, Collection<Diagnostic> now) {
    Set<Diagnostic> gone = new HashSet<>(before);
    for (Diagnostic problem : now) {
      if (!gone.remove(problem)) {
        log(LOG.atWarn(), "{}", problem);
      }
    }
    gone.forEach(problem -> log(LOG.atInfo(), "solved: {}", problem));
  }

  /**
   * Logs a diagnostic, with its code, reason and object as fields of the JSON format.
   *
   * @param format the line, with {@code {}} for the diagnostic
   */
  static void log(LoggingEventBuilder line, String format, Diagnostic diagnostic) {
    line.addKeyValue("code", diagnostic.reason().code())
        .addKeyValue("reason", diagnostic.reason())
        .addKeyValue("object", diagnostic.about().toString())
        .log(format, diagnostic);
  }
}
