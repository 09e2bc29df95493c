package dev.pointsman.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The versions in {@code hack/versions}, the one place for all that Maven does not fetch. */
public final class Versions {
  /** The file, relative to the repository's root. */
  public static final Path FILE = Path.of("hack/versions");

  private static final Map<String, String> ALL = read();

  private Versions() {}

  /**
   * The version of that name.
   *
   * @throws IllegalArgumentException if the file has no such name
   */
  public static String of(String name) {
    String version = ALL.get(name);
    if (version == null) {
      throw new IllegalArgumentException(FILE + " has no " + name);
    }
    return version;
  }

  /** Every version by its name, e.g. {@code HELM_VERSION}. */
  public static Map<String, String> all() {
    return ALL;
  }

  /** {@code hack/compatibility.sh} tries another Envoy Gateway. */
  private static String version(String[] pair) {
    return pair[0].equals("ENVOY_GATEWAY_VERSION")
        ? System.getenv().getOrDefault("TRY_ENVOY_GATEWAY", pair[1])
        : pair[1];
  }

  private static Map<String, String> read() {
    try {
      return Files.readAllLines(FILE).stream()
          .filter(Predicate.not(line -> line.isBlank() || line.startsWith("#")))
          .map(line -> line.split("=", 2))
          .collect(Collectors.toUnmodifiableMap(pair -> pair[0], Versions::version));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
