package dev.pointsman.kube.files;

import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.ObjectRef;

/**
 * A diagnostic and the file that it is about.
 *
 * @param file relative to the resource folder
 */
public record FileProblem(String file, Diagnostic diagnostic) {
  /** Returns a problem of the file itself. */
  static FileProblem ofFile(String file, String message) {
    return new FileProblem(
        file, new Diagnostic(Reason.InvalidObject, new ObjectRef("file", "", file), "", message));
  }

  /** The problem as one line of a log. */
  @Override
  public String toString() {
    return diagnostic.about().kind().equals("file")
        ? diagnostic.toString()
        : file + ": " + diagnostic;
  }
}
