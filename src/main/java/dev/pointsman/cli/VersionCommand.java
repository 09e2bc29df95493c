package dev.pointsman.cli;

import java.io.PrintWriter;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code pointsman version}. */
@Command(
    name = "version",
    description = "Prints the version, and the versions of other projects that are supported.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {"", "Example:", "  pointsman version"})
final class VersionCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    Stream.of(new Version().getVersion()).limit(1).forEach(out::println);
    SupportedVersions.lines().forEach(line -> out.println("  " + line));
    out.flush();
  }
}
