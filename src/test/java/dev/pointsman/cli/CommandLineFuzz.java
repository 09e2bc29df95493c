package dev.pointsman.cli;

import dev.pointsman.fuzz.FuzzInput;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;

/** Any words on the command line end with an exit code of the documented ones, and with lines, not with a stack trace. */
public final class CommandLineFuzz {
  private static final List<List<String>> COMMANDS = List.of(
      List.of("explain"),
      List.of("explain", "--recorded", "/nonexistent"),
      List.of("explain", "--recorded", "testdata/translate/empty-request"),
      List.of("gateway-config", "--grpc-address", "pointsman:5005"),
      List.of("translate", "--recorded", "testdata/translate/empty-request"),
      List.of("analyze", "testdata/translate/empty-request/objects.yaml"),
      List.of("completion"),
      List.of("version"));
  private static final List<String> OPTIONS = List.of(
      "--model",
      "--host",
      "--path",
      "--method",
      "--header",
      "--body",
      "--body-size",
      "--chunked",
      "--listener",
      "--gateway",
      "--output",
      "--max-message-size",
      "--suppress",
      "--fail-on",
      "--grpc-address",
      "--eds-advertise",
      "--client-certificate",
      "--ca",
      "--help");

  private static final String STACK_TRACE = "\tat dev.pointsman";

  private CommandLineFuzz() {}

  /** One input. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    FuzzInput input = new FuzzInput(bytes);
    List<String> words = new ArrayList<>(COMMANDS.get(input.below(COMMANDS.size())));
    while (input.hasMore() && words.size() < 10) {
      int option = input.below(OPTIONS.size() + 3);
      if (option < OPTIONS.size()) {
        words.add(OPTIONS.get(option));
      }
      String word = input.text();
      if (!word.startsWith("@")) { // a file with more words
        words.add(option < OPTIONS.size() || word.startsWith("-") ? word : "-" + word);
      }
    }
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit =
        Commands.run(new PrintWriter(out), new PrintWriter(err), words.toArray(String[]::new));
    boolean said =
        words.stream().anyMatch(word -> word.contains(STACK_TRACE)); // messages quote words
    if (exit < 0 || exit > 2 || (err.toString().contains(STACK_TRACE) && !said)) {
      throw new AssertionError(words + " end with " + exit + ": " + err);
    }
  }
}
