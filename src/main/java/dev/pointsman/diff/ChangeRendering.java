package dev.pointsman.diff;

import dev.pointsman.model.UserStrings;
import java.util.List;

/** Changes as lines of text: {@code +} is added, {@code -} is removed, {@code ~} is changed. */
public final class ChangeRendering {
  private static final int LONGEST = 1_000;
  private static final String GREEN = "\u001b[32m";
  private static final String RED = "\u001b[31m";
  private static final String PLAIN = "\u001b[0m";

  private final boolean colours;
  private final StringBuilder text = new StringBuilder();

  private ChangeRendering(boolean colours) {
    this.colours = colours;
  }

  /**
   * The text.
   *
   * @param colours whether the terminal shows colours
   */
  public static String of(StateChanges changes, boolean colours) {
    if (changes.isEmpty()) {
      return "no changes\n";
    }
    ChangeRendering rendering = new ChangeRendering(colours);
    for (TrafficChange one : changes.traffic()) {
      rendering.line(one.change(), one.subject() + " of " + one.place());
      rendering.add(one.differences());
    }
    for (ObjectChange one : changes.objects()) {
      rendering.line(one.change(), one.subject());
      rendering.add(one.differences());
    }
    for (EndpointChange one : changes.endpoints()) {
      rendering.line(ChangeKind.CHANGED, one.name());
      one.removed().forEach(address -> rendering.line("  ", RED, "- " + address));
      one.added().forEach(address -> rendering.line("  ", GREEN, "+ " + address));
    }
    changes.problems().forEach(one -> rendering.line("", RED, "new problem: " + one));
    changes.solved().forEach(one -> rendering.line("", GREEN, "solved problem: " + one));
    changes.resources().forEach(one -> rendering.line(one.change(), one.kind() + " " + one.name()));
    return rendering.text.toString();
  }

  private void line(ChangeKind change, String words) {
    switch (change) {
      case ADDED -> line("", GREEN, "+ " + words);
      case REMOVED -> line("", RED, "- " + words);
      case CHANGED -> line("", "", "~ " + words);
    }
  }

  private void add(List<Difference> differences) {
    for (Difference one : differences) {
      line("    ", "", one.fact());
      if (!one.before().isEmpty()) {
        line("      ", RED, "- " + one.before());
      }
      if (!one.after().isEmpty()) {
        line("      ", GREEN, "+ " + one.after());
      }
    }
  }

  private void line(String indent, String colour, String words) {
    String legible = UserStrings.legible(words);
    boolean isColoured = colours && !colour.isEmpty();
    text.append(indent)
        .append(isColoured ? colour : "")
        .append(legible.length() > LONGEST ? legible.substring(0, LONGEST) + " ..." : legible)
        .append(isColoured ? PLAIN : "")
        .append('\n');
  }
}
