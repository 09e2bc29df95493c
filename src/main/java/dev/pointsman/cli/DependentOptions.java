package dev.pointsman.cli;

import dev.pointsman.config.BadInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.ParseResult;

/** Options of {@code serve} that would have no effect without another one: alone they are refused. */
final class DependentOptions {
  /** The options by the one that they need. */
  private static final Map<String, List<String>> NEEDS = new TreeMap<>(Map.of(
      "--grpc-client-ca",
      List.of("--grpc-client-name"),
      "--kubernetes",
      List.of(
          "--namespace",
          "--class-policies",
          "--status",
          "--leader-election",
          "--leader-election-namespace",
          "--request-translation",
          "--request-translation-namespace"),
      "--record",
      List.of("--record-limit", "--record-secrets"),
      "--shadow",
      List.of("--shadow-address"),
      "--tls-certificates",
      List.of("--grpc-client-ca", "--eds-client-ca", "--tls-ca", "--proxy-sds")));

  private DependentOptions() {}

  /**
   * Checks the options that were given.
   *
   * @throws BadInput for those that need another one
   */
  static void check(ParseResult given) {
    List<String> problems = new ArrayList<>();
    NEEDS.forEach((other, options) -> {
      if (!given.hasMatchedOption(other)) {
        options.stream()
            .filter(given::hasMatchedOption)
            .forEach(option -> problems.add(option + " needs " + other + ": add it"));
      }
    });
    if (!problems.isEmpty()) {
      throw new BadInput(problems);
    }
  }
}
