package dev.pointsman.xds;

import com.google.re2j.Pattern;
import dev.pointsman.fuzz.FuzzInput;
import dev.pointsman.model.UserStrings;
import java.util.ArrayList;
import java.util.List;

/**
 * Regular expressions that list names match these names and no other, and are read back. A value of a header for Envoy's
 * configuration is its text once Envoy has replaced {@code %%}, and has no command.
 */
public final class PatternsFuzz {
  private PatternsFuzz() {}

  /** One input. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    FuzzInput input = new FuzzInput(bytes);
    String other = input.text();
    List<String> names = new ArrayList<>();
    while (input.hasMore() && names.size() < 8) {
      String name = input.text();
      if (UserStrings.refusedModel(name).isEmpty()) {
        names.add(name);
      }
    }
    if (!names.isEmpty()) {
      String regex = UserStrings.regexOf(names);
      Pattern pattern = Pattern.compile(regex);
      for (String name : names) {
        require(pattern.matches(name), regex + " does not match <" + name + ">");
      }
      if (UserStrings.refusedModel(other).isEmpty()) {
        require(pattern.matches(other) == names.contains(other), regex + " and <" + other + ">");
      }
      require(ModelPatterns.names(regex).equals(names), regex + " is not read back");
    }
    var _ = ModelPatterns.names(other);
    String value = UserStrings.headerValue(other);
    require(!value.replace("%%", "").contains("%"), "a command is left in " + value);
    require(value.replace("%%", "%").equals(other), value + " is another text");
    String legible = UserStrings.legible(other);
    require(legible.codePoints().noneMatch(Character::isISOControl), "control characters");
  }

  private static void require(boolean isHeld, String otherwise) {
    if (!isHeld) {
      throw new AssertionError(otherwise);
    }
  }
}
