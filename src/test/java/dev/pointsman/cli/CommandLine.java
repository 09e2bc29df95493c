package dev.pointsman.cli;

import dev.pointsman.rig.Unhurried;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Commands as a shell runs them. */
@Timeout(60) // a command that is not refused serves for ever
abstract class CommandLine {
  static final ObjectMapper YAML = new YAMLMapper();

  static final String ON_ANY_PORTS =
      " --grpc-address 127.0.0.1:0 --eds-address 127.0.0.1:0 --admin-address 127.0.0.1:0 ";

  /** The exit code and the output of a command. */
  record Result(int exitCode, String out, String err) {}

  static Result run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode = Commands.run(new PrintWriter(out), new PrintWriter(err), args);
    return new Result(exitCode, out.toString(), Unhurried.withoutProgress(err.toString()));
  }
}
