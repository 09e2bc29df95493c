package dev.pointsman.model;

import dev.pointsman.model.Diagnostic.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The problems and remarks that reading one object has found, with the first of each: an object may have thousands. */
public final class Findings {
  private static final int MOST = 16;

  private final Reason reason;
  private final ObjectRef about;
  private final List<Diagnostic> problems = new ArrayList<>();
  private final List<Diagnostic> remarks = new ArrayList<>();
  private final List<Fields> parts = new ArrayList<>();
  private int unsaidProblems;
  private int unsaidRemarks;

  /**
   * No findings yet.
   *
   * @param reason the reason of most of them
   */
  public Findings(Reason reason, ObjectRef about) {
    this.reason = reason;
    this.about = about;
  }

  /** A part of the object begins to be read. */
  void part(Fields fields) {
    parts.add(fields);
  }

  /** Something prevents the object's use. */
  public void problem(String path, String message) {
    problem(reason, path, message);
  }

  /** The same for another reason than most. */
  public void problem(Reason why, String path, String message) {
    if (problems.size() < MOST) {
      problems.add(new Diagnostic(why, about, path, message));
    } else {
      unsaidProblems++;
    }
  }

  /** Something does not prevent the object's use. */
  public void remark(String path, String message) {
    if (remarks.size() < MOST) {
      remark(reason, path, message);
    } else {
      unsaidRemarks++;
    }
  }

  /** The same for another reason than most. */
  public void remark(Reason why, String path, String message) {
    remarks.add(new Diagnostic(why, about, path, message));
  }

  /** Remarks on the fields that nobody asked for: they are probably typing errors. */
  void remarkUnknownFields() {
    parts.stream()
        .flatMap(part -> part.neverAskedFor().stream())
        .limit(MOST)
        .forEach(path -> remark(reason, path, "is not a field of it and is passed over"));
  }

  /** Whether there is no problem. */
  public boolean isSound() {
    return problems.isEmpty();
  }

  /** The object with its remarks (also those that making it reports), or the problems, without making it. */
  public <T> Parsed<T> parsed(Supplier<T> object) {
    return isSound()
        ? new Parsed.Valid<>(object.get(), bounded(remarks, unsaidRemarks))
        : refused();
  }

  /** The problems, of which there is at least one. */
  <T> Parsed<T> refused() {
    return new Parsed.Invalid<>(bounded(problems, unsaidProblems));
  }

  private List<Diagnostic> bounded(List<Diagnostic> first, int unsaid) {
    List<Diagnostic> all = new ArrayList<>(first);
    if (unsaid > 0) {
      all.add(new Diagnostic(reason, about, "", "has " + unsaid + " more problems"));
    }
    return all;
  }
}
