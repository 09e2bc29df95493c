package dev.pointsman.hook;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a file with a recorded hook request, {@code NNNN-Post<Hook>Modify.pb}.
 *
 * @param number the call's place in the recording, from 1
 * @param method the hook's method, {@code PostRouteModify} and so on
 */
public record RecordedName(long number, String method) {
  private static final Pattern NAME = Pattern.compile("(\\d{1,18})-(Post\\w+Modify)\\.pb");

  /** Reads a file's name; empty for other files. */
  public static Optional<RecordedName> of(String file) {
    Matcher name = NAME.matcher(file);
    return name.matches()
        ? Optional.of(new RecordedName(Long.parseLong(name.group(1)), name.group(2)))
        : Optional.empty();
  }

  /** The file's name. */
  @Override
  public String toString() {
    return "%04d-%s.pb".formatted(number, method);
  }
}
