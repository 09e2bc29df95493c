package dev.pointsman.xds;

import dev.pointsman.model.UserStrings;
import java.util.ArrayList;
import java.util.List;

/** Regular expressions of models. */
final class ModelPatterns {
  private ModelPatterns() {}

  /** The names of an expression that lists names, as {@link UserStrings#regexOf} makes it; else the expression. */
  static List<String> names(String regex) {
    List<String> names = new ArrayList<>();
    StringBuilder name = new StringBuilder();
    for (int at = 0; at < regex.length(); at++) {
      char one = regex.charAt(at);
      if (one == '|') {
        names.add(name.toString());
        name.setLength(0);
      } else if (one == '\\' && at + 1 < regex.length()) {
        at++;
        name.append(regex.charAt(at));
      } else {
        name.append(one);
      }
    }
    names.add(name.toString());
    return UserStrings.regexOf(names).equals(regex) ? names : List.of(regex);
  }
}
