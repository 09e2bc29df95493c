package dev.pointsman.e2e.kubernetes;

import dev.pointsman.e2e.kubernetes.Fault.Undo;
import dev.pointsman.rig.Authority;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/** The certificate of Pointsman's two ports, in its Secret. */
record PointsmanCertificate(FaultScene scene, Map<String, String> usual) {
  private static final String SECRET = "pointsman-tls";

  static PointsmanCertificate of(FaultScene scene) {
    Secret secret = scene
        .cluster()
        .api()
        .secrets()
        .inNamespace(Cluster.SYSTEM)
        .withName(SECRET)
        .require();
    return new PointsmanCertificate(scene, Map.copyOf(secret.getData()));
  }

  /** As a file that is read while somebody writes it. */
  Undo halfWritten() {
    String certificate = decoded(usual.getOrDefault("tls.crt", ""));
    return replaced(
        certificate.substring(0, certificate.length() / 2),
        decoded(usual.getOrDefault("tls.key", "")));
  }

  /** As after a mistake in a renewal: nobody trusts its authority. */
  Undo untrusted() {
    Authority.Issued issued = Authority.create("untrusted")
        .issue("pointsman", "dns:pointsman." + Cluster.SYSTEM + ".svc");
    return replaced(issued.certificate(), issued.key());
  }

  private Undo replaced(String certificate, String key) {
    write(Map.of("tls.crt", encoded(certificate), "tls.key", encoded(key)));
    return () -> write(usual);
  }

  /** Connections are made anew, so that the files count. */
  private void write(Map<String, String> data) {
    var _ = scene
        .cluster()
        .api()
        .secrets()
        .inNamespace(Cluster.SYSTEM)
        .withName(SECRET)
        .edit(secret -> secret.edit().addToData(data).build());
    scene.pointsman().awaitMounted(decoded(data.getOrDefault("tls.crt", "")));
    scene.pointsman().resetConnections();
  }

  private static String decoded(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
