package dev.pointsman.model;

import dev.pointsman.model.Diagnostic.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The findings about one object: problems, remarks, and its supported fields. */
final class Findings {
  private static final Pattern INDEX = Pattern.compile("\\[\\d+]");

  private static final int MAX_REPORTED = 16;

  private final Reason reason;
  private final ObjectRef about;
  private final List<Diagnostic> problems = new ArrayList<>();
  private int count; // of problems
  private final List<Diagnostic> remarks = new ArrayList<>();
  private final List<Fields> parts = new ArrayList<>();
  private final SortedSet<String> requestedPaths = new TreeSet<>();

  Findings(Reason reason, ObjectRef about) {
    this.reason = reason;
    this.about = about;
  }

  /** Registers a part of the object that is being read. */
  void part(Fields fields) {
    parts.add(fields);
  }

  /** Registers a requested field, which may be missing. */
  void requested(String path) {
    requestedPaths.add(INDEX.matcher(path).replaceAll("[]"));
  }

  void problem(String path, String message) {
    problem(reason, path, message);
  }

  /** Adds a problem with another reason than the default. */
  void problem(Reason why, String path, String message) {
    if (problems.size() < MAX_REPORTED) {
      problems.add(new Diagnostic(why, about, path, message));
    }
    count++;
  }

  void remark(String path, String message) {
    remark(reason, path, message);
  }

  /** Adds a remark with another reason than the default. */
  void remark(Reason why, String path, String message) {
    remarks.add(new Diagnostic(why, about, path, message));
  }

  boolean isSound() {
    return problems.isEmpty();
  }

  /** The first problems, as an object may have thousands. */
  List<Diagnostic> problems() {
    List<Diagnostic> all = new ArrayList<>(problems);
    if (count > MAX_REPORTED) {
      all.add(
          new Diagnostic(reason, about, "", "has " + (count - MAX_REPORTED) + " more problems"));
    }
    return all;
  }

  /** The remarks. A field that was never requested is probably a typing error. */
  List<Diagnostic> remarks() {
    List<Diagnostic> all = new ArrayList<>(remarks);
    parts.stream()
        .flatMap(part -> part.unknownFields().stream())
        .limit(MAX_REPORTED)
        .forEach(path -> all.add(
            new Diagnostic(reason, about, path, "is not a field of it and is passed over")));
    return all;
  }

  /** The requested paths, without indexes: {@code spec.mirrors[].percent}. */
  SortedSet<String> requestedPaths() {
    return requestedPaths;
  }
}
