package dev.pointsman.model;

import dev.pointsman.model.Diagnostic.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What reading one object has found: problems, remarks, and which of its fields we know. */
final class Findings {
  private static final Pattern INDEX = Pattern.compile("\\[\\d+]");

  private static final int MOST = 16;

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

  /** A part of the object begins to be read. */
  void part(Fields fields) {
    parts.add(fields);
  }

  /** Somebody asked for a field, whether it is there or not. */
  void requested(String path) {
    requestedPaths.add(INDEX.matcher(path).replaceAll("[]"));
  }

  void problem(String path, String message) {
    problem(reason, path, message);
  }

  /** A problem for another reason than most. */
  void problem(Reason why, String path, String message) {
    if (problems.size() < MOST) {
      problems.add(new Diagnostic(why, about, path, message));
    }
    count++;
  }

  void remark(String path, String message) {
    remark(reason, path, message);
  }

  /** A remark for another reason than most. */
  void remark(Reason why, String path, String message) {
    remarks.add(new Diagnostic(why, about, path, message));
  }

  boolean isSound() {
    return problems.isEmpty();
  }

  /** The first of them; an object may have thousands. */
  List<Diagnostic> problems() {
    List<Diagnostic> all = new ArrayList<>(problems);
    if (count > MOST) {
      all.add(new Diagnostic(reason, about, "", "has " + (count - MOST) + " more problems"));
    }
    return all;
  }

  /** What does not prevent the object's use; a field that nobody asked for is probably a typing error. */
  List<Diagnostic> remarks() {
    List<Diagnostic> all = new ArrayList<>(remarks);
    parts.stream()
        .flatMap(part -> part.unknownFields().stream())
        .limit(MOST)
        .forEach(path -> all.add(
            new Diagnostic(reason, about, path, "is not a field of it and is passed over")));
    return all;
  }

  /** The paths that were asked for, without indexes: {@code spec.mirrors[].percent}. */
  SortedSet<String> requestedPaths() {
    return requestedPaths;
  }
}
