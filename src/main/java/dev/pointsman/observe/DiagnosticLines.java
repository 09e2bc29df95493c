package dev.pointsman.observe;

import dev.pointsman.model.Diagnostic;
import org.slf4j.spi.LoggingEventBuilder;

/** Log lines about diagnostics. */
final class DiagnosticLines {
  private DiagnosticLines() {}

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
