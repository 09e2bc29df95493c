package dev.pointsman.config;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A Kubernetes Secret.
 *
 * @param namespace empty: the namespace of the reader
 */
public record SecretRef(String name, Optional<String> namespace) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]*[a-z0-9])?");

  /** Checks the syntax. */
  public SecretRef {
    if (!NAME.matcher(name).matches()
        || namespace.filter(ns -> !NAME.matcher(ns).matches()).isPresent()) {
      throw new IllegalArgumentException(
          "\"" + name + namespace.map(ns -> "/" + ns).orElse("")
              + "\" is not the NAME or NAME/NAMESPACE of a Secret");
    }
  }

  /** Reads {@code NAME} or {@code NAME/NAMESPACE}. */
  public static SecretRef parse(String text) {
    int slash = text.indexOf('/');
    return slash < 0
        ? new SecretRef(text, Optional.empty())
        : new SecretRef(text.substring(0, slash), Optional.of(text.substring(slash + 1)));
  }

  /** The SecretObjectReference in YAML's flow style. */
  String yaml() {
    return namespace
        .map(ns -> "{name: \"%s\", namespace: \"%s\"}".formatted(name, ns))
        .orElse("{name: \"%s\"}".formatted(name));
  }
}
