package dev.pointsman.e2e.kubernetes;

import dev.pointsman.e2e.kubernetes.Fault.Undo;
import dev.pointsman.rig.Authority;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The certificate of Pointsman's two ports, in its Secret. */
record PointsmanCertificate(FaultScene scene, Map<String, String> usual) {
  private static final String SECRET = "pointsman-tls";
  private static final String AUTHORITY = "pointsman-ca";

  /** Of both Services, as proxies and Envoy Gateway call them. */
  private static final String NAMES = Stream.of("pointsman", "pointsman-hooks")
      .map(service -> "dns:" + service + "." + Cluster.SYSTEM + ".svc.cluster.local")
      .collect(Collectors.joining(","));

  static PointsmanCertificate of(FaultScene scene) {
    return new PointsmanCertificate(
        scene, Map.copyOf(secret(scene.cluster(), SECRET).getData()));
  }

  private static Secret secret(Cluster cluster, String name) {
    return cluster.api().secrets().inNamespace(Cluster.SYSTEM).withName(name).require();
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
    Authority.Issued issued = Authority.create("untrusted").issue("pointsman", NAMES);
    return replaced(issued.certificate(), issued.key());
  }

  /** As after a renewal that nobody made: the authority is trusted, beside the usual one. */
  Undo expired() {
    Authority authority = Authority.create("expired");
    Authority.Issued issued = authority.expired("pointsman", NAMES);
    Secret trusted = secret(scene.cluster(), AUTHORITY);
    String both = decoded(usual.getOrDefault("ca.crt", "")) + authority.certificate();
    write(AUTHORITY, Map.of("tls.crt", encoded(both)));
    write(SECRET, Map.of("ca.crt", encoded(both)));
    scene.pointsman().awaitMounted("ca.crt", both);
    scene.awaitWhole(scene.change()); // the translation tells proxies of the authority
    Undo renewed = replaced(issued.certificate(), issued.key());
    return () -> {
      renewed.end();
      write(AUTHORITY, Map.copyOf(trusted.getData()));
    };
  }

  private Undo replaced(String certificate, String key) {
    present(Map.of("tls.crt", encoded(certificate), "tls.key", encoded(key)));
    return () -> present(usual);
  }

  /** Connections are made anew, so that the files count. */
  private void present(Map<String, String> data) {
    write(SECRET, data);
    scene.pointsman().awaitMounted("tls.crt", decoded(data.getOrDefault("tls.crt", "")));
    scene.pointsman().resetConnections();
  }

  private void write(String name, Map<String, String> data) {
    var _ = scene
        .cluster()
        .api()
        .secrets()
        .inNamespace(Cluster.SYSTEM)
        .withName(name)
        .edit(secret -> secret.edit().addToData(data).build());
  }

  private static String decoded(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
