package dev.pointsman;

import dev.pointsman.cli.Commands;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** Wiring only. */
public final class Main {
  private Main() {}

  /** Runs the command line. */
  public static void main(String[] args) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(Commands.run(out, err, args));
  }
}
