package dev.pointsman.model;

import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Reports of what is wrong with the fields below one path. */
abstract sealed class FieldReports permits Fields {
  final Findings findings;
  final BiConsumer<String, String> problems;
  final String path;

  /**
   * Reports nothing yet.
   *
   * @param problems where problems go, as a path and a message
   * @param path empty for the whole object
   */
  FieldReports(Findings findings, BiConsumer<String, String> problems, String path) {
    this.findings = findings;
    this.problems = problems;
    this.path = path;
  }

  /** The path of a field from the object: {@code spec.ports[0].port}. */
  public String path(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /** Reports why a field's text cannot be used; an empty one is reported already, or allowed. */
  public void check(String name, String text, Function<String, Optional<String>> refusal) {
    if (!text.isEmpty()) {
      refusal.apply(text).ifPresent(why -> problem(name, why));
    }
  }

  /** Reports a problem of a field. */
  public void problem(String name, String message) {
    problems.accept(path(name), message);
  }

  /** Reports a problem of these fields together. */
  public void problem(String message) {
    problems.accept(path, message);
  }

  /** Reports something that does not prevent the object's use. */
  public void remark(String name, String message) {
    findings.remark(path(name), message);
  }
}
