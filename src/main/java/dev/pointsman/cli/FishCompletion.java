package dev.pointsman.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Completion for fish, which picocli does not make. */
final class FishCompletion {
  private FishCompletion() {}

  /** A script with a line for each command and each of its options. */
  static String of(CommandLine root) {
    String name = root.getCommandName();
    StringBuilder script = new StringBuilder("complete -c " + name + " -f\n");
    append(script, name, "__fish_use_subcommand", root);
    root.getSubcommands().forEach((sub, command) -> {
      script.append("complete -c %s -n __fish_use_subcommand -a %s -d %s\n"
          .formatted(name, sub, quoted(command.getCommandSpec().usageMessage().description())));
      append(script, name, "__fish_seen_subcommand_from " + sub, command);
    });
    return script.toString();
  }

  private static void append(
      StringBuilder script, String name, String condition, CommandLine command) {
    boolean files = command.getCommandSpec().positionalParameters().stream()
        .anyMatch(parameter -> parameter.auxiliaryTypes()[0].equals(Path.class)
            || parameter.type().equals(Path.class));
    if (files) {
      script.append("complete -c " + name + " -n '" + condition + "' -F\n");
    }
    for (OptionSpec option : command.getCommandSpec().options()) {
      script.append("complete -c " + name + " -n '" + condition + "'");
      Stream.of(option.names())
          .sorted()
          .forEach(flag -> script.append(
              flag.startsWith("--") ? " -l " + flag.substring(2) : " -s " + flag.substring(1)));
      if (option.arity().min() > 0) {
        boolean file = List.of("DIR", "FILE").contains(option.paramLabel());
        script.append(file ? " -r -F" : " -x" + words(option));
      }
      script.append(" -d " + quoted(option.description()) + "\n");
    }
  }

  /** The words of an enumeration. */
  private static String words(OptionSpec option) {
    Object[] words = option.auxiliaryTypes()[0].getEnumConstants();
    return words == null
        ? ""
        : Stream.of(words)
            .map(word -> word.toString().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(" ", " -a '", "'"));
  }

  /** The first sentence, for fish's single quotes. */
  private static String quoted(String[] description) {
    String text = String.join(" ", description);
    int end = text.indexOf(". ");
    String sentence = end < 0 ? text : text.substring(0, end + 1);
    return "'" + sentence.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
