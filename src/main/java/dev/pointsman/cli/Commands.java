package dev.pointsman.cli;

import dev.pointsman.config.BadInput;
import dev.pointsman.config.HostPort;
import dev.pointsman.config.SecretRef;
import dev.pointsman.config.StartFailure;
import dev.pointsman.model.ByteSize;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The command line with all commands. */
@Command(
    name = "pointsman",
    description = "Routes requests on Envoy Gateway to InferencePools by the model's name.",
    subcommands = {
      ServeCommand.class,
      TranslateCommand.class,
      ExplainCommand.class,
      AnalyzeCommand.class,
      DiffCommand.class,
      GatewayConfigCommand.class,
      CheckCommand.class,
      VersionCommand.class,
      CompletionCommand.class
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "Examples:",
      "  pointsman serve --kubernetes --eds-advertise pointsman.envoy-gateway-system.svc:18010",
      "  pointsman explain --server http://127.0.0.1:8080 --model qwen",
      "",
      "See pointsman COMMAND --help. Exit codes: 0 ok, 1 failed at run time (such as a port in use),",
      "2 invalid options or files."
    })
public final class Commands implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  Commands() {}

  /** Runs a command and returns the exit code. */
  public static int run(PrintWriter out, PrintWriter err, String... args) {
    return new CommandLine(new Commands())
        .setOut(out)
        .setErr(err)
        .registerConverter(HostPort.class, withPlainMessage(HostPort::parse))
        .registerConverter(ByteSize.class, withPlainMessage(ByteSize::parse))
        .registerConverter(SecretRef.class, withPlainMessage(SecretRef::parse))
        .setParameterExceptionHandler(Commands::misused)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpWidth(100)
        .setUsageHelpAutoWidth(false)
        .setExecutionExceptionHandler(Commands::failed)
        .execute(args);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }

  /** Wraps a converter so that its error message has no Java class name. */
  private static <T> ITypeConverter<T> withPlainMessage(ITypeConverter<T> converter) {
    return text -> {
      try {
        return converter.convert(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    };
  }

  private static int misused(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    command.getErr().println(name + ": " + e.getMessage());
    command.getErr().println("Try: " + name + " --help");
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed)
      throws Exception {
    List<String> lines = switch (e) {
      case BadInput bad -> bad.problems();
      case StartFailure failure -> List.of(String.valueOf(failure.getMessage()));
      case IOException io -> List.of(io.getClass().getSimpleName() + ": " + io.getMessage());
      default -> throw e; // a bug: picocli prints its stack trace
    };
    String name = command.getCommandSpec().qualifiedName();
    lines.forEach(line -> command.getErr().println(name + ": " + line));
    command.getErr().flush();
    return e instanceof BadInput
        ? command.getCommandSpec().exitCodeOnInvalidInput()
        : command.getCommandSpec().exitCodeOnExecutionException();
  }
}
