package dev.pointsman.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/** The identity of this replica in its Deployment. */
final class Replica {
  private static final Path NAMESPACE =
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount/namespace");

  /** The API's limit of the reporting instance of Events. */
  private static final int LONGEST = 128;

  private Replica() {}

  /** The Pod's namespace, if it is known. */
  static String namespace() {
    return environment("POD_NAMESPACE").or(Replica::ofServiceAccount).orElse("default");
  }

  private static Optional<String> ofServiceAccount() {
    try {
      return Optional.of(Files.readString(NAMESPACE).strip()).filter(name -> !name.isEmpty());
    } catch (IOException none) {
      return Optional.empty(); // not in a Pod
    }
  }

  /** A name that is unique to the process, also among processes of the same Pod. */
  static String identity() {
    String pod = environment("POD_NAME").or(() -> environment("HOSTNAME")).orElse("pointsman");
    String suffix = "_" + UUID.randomUUID().toString().substring(0, 8);
    return pod.substring(0, Math.min(pod.length(), LONGEST - suffix.length())) + suffix;
  }

  private static Optional<String> environment(String name) {
    return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
  }
}
