package dev.pointsman.cli;

import dev.pointsman.config.BadInput;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option of the commands that read from an API server with {@code --kubernetes}. */
final class KubeconfigOption {
  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description =
          "With --kubernetes: address of the API server and credentials; default: $KUBECONFIG, else ~/.kube/config, else"
              + " the Pod's ServiceAccount.")
  private @Nullable Path kubeconfig;

  /**
   * The file; empty for the default.
   *
   * @param kubernetes whether the command has {@code --kubernetes}
   * @throws BadInput when there is a file and no {@code --kubernetes}
   */
  Optional<Path> file(boolean kubernetes) {
    if (kubeconfig != null && !kubernetes) {
      throw new BadInput("--kubeconfig needs --kubernetes: add it");
    }
    return Optional.ofNullable(kubeconfig);
  }
}
