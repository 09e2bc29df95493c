package dev.pointsman.analyze;

import dev.pointsman.kube.Manifest;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.UserStrings;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Collects findings, without those that the manifest's author suppresses. */
final class FindingCollector {
  /** The annotation with the codes that are not reported for an object, separated by commas. */
  static final String SUPPRESS = "pointsman.dev/suppress";

  /** The beginning of a message about a syntax error. */
  private static final Pattern LINE = Pattern.compile("^line (\\d{1,9}): ");

  private final Set<Finding> findings = new TreeSet<>();

  /** The fields with findings. */
  private final Map<Manifest, NavigableSet<String>> fields = new IdentityHashMap<>();

  /**
   * Adds a finding.
   *
   * @param field the path in the object; empty for the whole object
   * @param message about the field, beginning with a verb
   */
  void add(
      Manifest manifest,
      Reason reason,
      String field,
      String message,
      String effect,
      String remedy) {
    add(manifest, new Diagnostic(reason, manifest.object().ref(), field, message), effect, remedy);
  }

  /** Adds a diagnostic of another part of the server; its message has effect and remedy. */
  void add(Manifest manifest, Diagnostic diagnostic) {
    add(
        manifest,
        diagnostic,
        Advice.effect(diagnostic.reason()),
        Advice.remedy(diagnostic.reason()));
  }

  private void add(Manifest manifest, Diagnostic diagnostic, String effect, String remedy) {
    if (!suppressed(manifest).anyMatch(diagnostic.reason().code()::equals)) {
      fields.computeIfAbsent(manifest, _ -> new TreeSet<>()).add(diagnostic.field());
      add(manifest.file(), manifest.line(diagnostic.field()), diagnostic, effect, remedy);
    }
  }

  /** Adds a diagnostic of a file that is no manifest. */
  void add(String file, Diagnostic diagnostic) {
    Matcher line = LINE.matcher(diagnostic.message());
    add(
        file,
        line.find() ? Integer.parseInt(line.group(1)) : 1,
        diagnostic,
        Advice.effect(diagnostic.reason()),
        Advice.remedy(diagnostic.reason()));
  }

  private void add(String file, int line, Diagnostic diagnostic, String effect, String remedy) {
    findings.add(new Finding(
        diagnostic, file, line, UserStrings.legible(effect), UserStrings.legible(remedy)));
  }

  /** Whether there is a finding of the object about the field, or about one around it or in it. */
  boolean has(Manifest manifest, String field) {
    NavigableSet<String> known = fields.getOrDefault(manifest, Collections.emptyNavigableSet());
    return known.contains("")
        || Stream.iterate(field, path -> !path.isEmpty(), Manifest::around)
            .anyMatch(known::contains)
        || !known.subSet(field + ".", field + "/").isEmpty() // the character after the dot
        || !known.subSet(field + "[", field + "\\").isEmpty();
  }

  /** The codes that an object's author suppresses, as written. */
  static Stream<String> suppressed(Manifest manifest) {
    String codes =
        manifest.node().path("metadata").path("annotations").path(SUPPRESS).asString("");
    return Stream.of(codes.split(",")).map(String::strip);
  }

  /** The findings by file, line and code. */
  List<Finding> findings() {
    return List.copyOf(findings);
  }
}
