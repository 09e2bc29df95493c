package dev.pointsman.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** The address and the certificate of a {@link ControlPlane}'s API server. */
record KubeconfigFile(String url, Path certificate) {
  /** Writes the file for a user. */
  Path write(Path folder, String user) throws IOException {
    String ca = Base64.getEncoder().encodeToString(Files.readAllBytes(certificate));
    return Files.writeString(folder.resolve(user + ".kubeconfig"), """
        apiVersion: v1
        kind: Config
        clusters:
        - name: rig
          cluster: {server: "%s", certificate-authority-data: %s}
        users:
        - name: user
          user: {token: %s-token}
        contexts:
        - name: rig
          context: {cluster: rig, user: user}
        current-context: rig
        """.formatted(url, ca, user));
  }
}
