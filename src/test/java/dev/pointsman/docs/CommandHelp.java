package dev.pointsman.docs;

import dev.pointsman.cli.Commands;
import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine.Command;

/** The help of each command, as a section of a page. */
final class CommandHelp {
  private CommandHelp() {}

  static String sections() {
    StringBuilder page = new StringBuilder(section("pointsman", "--help"));
    for (Class<?> command : Commands.class.getAnnotation(Command.class).subcommands()) {
      String name = command.getAnnotation(Command.class).name();
      page.append(section("pointsman " + name, name, "--help"));
    }
    return page.toString();
  }

  private static String section(String title, String... arguments) {
    StringWriter out = new StringWriter();
    int code = Commands.run(new PrintWriter(out), new PrintWriter(out), arguments);
    if (code != 0) {
      throw new IllegalStateException(title + " --help ends with " + code);
    }
    return "## " + title + "\n\n```text\n" + out.toString().strip() + "\n```\n\n";
  }
}
