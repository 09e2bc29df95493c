package dev.pointsman.cli;

import dev.pointsman.config.BadInput;
import dev.pointsman.config.HostPort;
import dev.pointsman.config.SecretRef;
import dev.pointsman.model.ByteSize;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The command line: every command is listed here. */
@Command(
    name = "pointsman",
    description = "Routes requests on Envoy Gateway to InferencePools by the model's name.",
    subcommands = {ServeCommand.class, TranslateCommand.class, GatewayConfigCommand.class},
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "pointsman COMMAND --help tells more. Exit codes: 0 ok, 1 bad input, 2 wrong usage."
    })
public final class Commands implements Runnable {
  /** The input was bad. */
  public static final int BAD_INPUT = 1;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  Commands() {}

  /** Runs a command and returns the exit code. */
  public static int run(PrintWriter out, PrintWriter err, String... args) {
    return new CommandLine(new Commands())
        .setOut(out)
        .setErr(err)
        .registerConverter(HostPort.class, said(HostPort::parse))
        .registerConverter(ByteSize.class, said(ByteSize::parse))
        .registerConverter(SecretRef.class, said(SecretRef::parse))
        .setParameterExceptionHandler(Commands::misused)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpWidth(100)
        .setUsageHelpAutoWidth(false)
        .setExecutionExceptionHandler(Commands::failed)
        .execute(args);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "which command?");
  }

  /** A converter whose complaint reaches the user without the name of a Java class. */
  private static <T> ITypeConverter<T> said(ITypeConverter<T> converter) {
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
    if (e instanceof BadInput bad) {
      String name = command.getCommandSpec().qualifiedName();
      bad.problems().forEach(problem -> command.getErr().println(name + ": " + problem));
      command.getErr().flush();
      return BAD_INPUT;
    }
    throw e;
  }
}
