package dev.pointsman.kube.api;

import dev.pointsman.fuzz.FuzzInput;
import java.nio.file.Path;

/** Any text in place of a kubeconfig is read, or refused in one line that names the file. */
public final class KubeconfigFuzz {
  private static final Path FILE = Path.of("/home/user/.kube/config");

  private KubeconfigFuzz() {}

  /** One input. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    try {
      var _ = Kubeconfig.parse(FILE, new FuzzInput(bytes).restAsText());
    } catch (IllegalArgumentException refused) {
      String message = String.valueOf(refused.getMessage());
      if (!message.startsWith("the kubeconfig " + FILE) || message.contains("\n")) {
        throw new AssertionError("a refusal of another form: " + message, refused);
      }
    }
  }
}
