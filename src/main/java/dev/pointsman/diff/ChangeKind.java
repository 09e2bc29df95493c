package dev.pointsman.diff;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The kinds of changes. */
public enum ChangeKind {
  ADDED,
  REMOVED,
  CHANGED;

  /** The kind of a change by the presence before and after it. */
  static ChangeKind of(boolean before, boolean after) {
    return !before ? ADDED : !after ? REMOVED : CHANGED;
  }

  /** The kind in lower case, as it is printed. */
  @JsonValue
  public String words() {
    return name().toLowerCase(Locale.ROOT);
  }
}
