package dev.pointsman.xds;

import dev.pointsman.model.UserStrings;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Regular expressions of models. */
final class ModelPatterns {
  private static final Pattern ALTERNATIVE = Pattern.compile("(?<!\\\\)(?:\\\\\\\\)*\\|");
  private static final Pattern ESCAPED = Pattern.compile("\\\\(.)");

  private ModelPatterns() {}

  /** The names of an expression that lists names, as {@link UserStrings#regexOf} makes it; else the expression. */
  static List<String> names(String regex) {
    List<String> names = new ArrayList<>();
    for (String alternative : ALTERNATIVE.split(regex)) {
      names.add(ESCAPED.matcher(alternative).replaceAll("$1"));
    }
    return UserStrings.regexOf(names).equals(regex) ? names : List.of(regex);
  }
}
