package dev.pointsman.e2e.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Somebody with the rights of a ServiceAccount, and no other: a kubeconfig with its token. */
record Tenant(String namespace, Path kubeconfig) {

  /** The account of this name in the namespace of the same name, which is there already. */
  static Tenant of(Cluster cluster, String name) {
    String token =
        cluster.kubectl("create", "token", name, "-n", name, "--duration=1h").strip();
    JsonNode administrators = JsonMapper.shared()
        .readTree(cluster.kubectl("config", "view", "--raw", "--minify", "-o", "json"));
    ObjectNode own = (ObjectNode) administrators.deepCopy();
    String user = own.at("/users/0/name").asString();
    ObjectNode entry = own.putArray("users").addObject().put("name", user);
    entry.putObject("user").put("token", token);
    try {
      Path file = Files.createTempFile("tenant", ".kubeconfig");
      Files.writeString(file, own.toString());
      file.toFile().deleteOnExit();
      return new Tenant(name, file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Applies manifests in the own namespace. */
  void apply(String manifests) {
    kubectl(manifests, "apply", "--server-side", "--force-conflicts", "-n", namespace, "-f", "-");
  }

  /** Deletes what manifests name, and waits until it is gone. */
  void delete(String manifests) {
    kubectl(manifests, "delete", "--ignore-not-found", "-n", namespace, "-f", "-");
  }

  /** Runs kubectl. */
  String kubectl(String input, String... arguments) {
    return Commands.run(
        Map.of("KUBECONFIG", kubeconfig.toString()), input, Commands.kubectl(), List.of(arguments));
  }

  /** Whether something is allowed, e.g. {@code create httproutes -n other}. */
  boolean may(String what) {
    try {
      kubectl("", ("auth can-i -q " + what).split(" "));
      return true;
    } catch (AssertionError refused) {
      return false;
    }
  }

  /** Whether the API server would take manifests. */
  boolean isAccepted(String manifests) {
    try {
      kubectl(manifests, "apply", "--server-side", "--dry-run=server", "-n", namespace, "-f", "-");
      return true;
    } catch (AssertionError refused) {
      return false;
    }
  }
}
