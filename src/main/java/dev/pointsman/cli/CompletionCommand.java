package dev.pointsman.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pointsman completion}: a script that completes commands and options in a shell. */
@Command(
    name = "completion",
    description = "Prints a script for a shell that completes commands and options.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {
      "",
      "Examples:",
      "  source <(pointsman completion bash)",
      "  source <(pointsman completion zsh)",
      "  pointsman completion fish > ~/.config/fish/completions/pointsman.fish"
    })
final class CompletionCommand implements Runnable {
  private static final Pattern WORDS = Pattern.compile("(?m)_args=\\(\"[A-Z\" ]+\\)");

  /** The shells. */
  enum Shell {
    BASH,
    ZSH,
    FISH
  }

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.")
  @SuppressWarnings("NullAway.Init")
  private Shell shell;

  @Override
  public void run() {
    CommandLine root = spec.root().commandLine();
    PrintWriter out = spec.commandLine().getOut();
    out.print(
        switch (shell) {
          case BASH, ZSH -> bash(root); // zsh by bashcompinit
          case FISH -> FishCompletion.of(root);
        });
    out.flush();
  }

  /** Picocli's script with the words of options in lower case, as people write them. */
  private static String bash(CommandLine root) {
    return WORDS
        .matcher(AutoComplete.bash(root.getCommandName(), root))
        .replaceAll(words -> Matcher.quoteReplacement(words.group().toLowerCase(Locale.ROOT)));
  }
}
