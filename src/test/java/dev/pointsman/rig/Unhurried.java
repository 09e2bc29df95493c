package dev.pointsman.rig;

import java.util.stream.Collectors;

/** The output of commands as on a machine that is fast enough to print no progress. */
public final class Unhurried {
  private Unhurried() {}

  /** The text without lines of progress, which commands print after two seconds. */
  public static String withoutProgress(String err) {
    return err.lines()
        .filter(line -> !line.matches(".* \\.\\.\\. \\d+ s"))
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }
}
