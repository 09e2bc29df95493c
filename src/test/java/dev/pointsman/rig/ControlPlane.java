package dev.pointsman.rig;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** A real API server over a real etcd, on loopback ports of its own; nothing else of a cluster. */
public final class ControlPlane implements AutoCloseable {
  /** The user that may do everything. */
  public static final String ADMIN = "admin";
  /** A user that may do nothing but what a test's RBAC objects allow. */
  public static final String READER = "reader";

  /** The collection of CustomResourceDefinitions. */
  public static final String CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration START = Duration.ofSeconds(90);
  private static final Duration SOON = Duration.ofSeconds(60);

  private final Path folder;
  private final Path bin;
  private final Path crds;
  private final int etcdPort = freePort();
  private final int peerPort = freePort();
  private final int port = freePort();
  private final Proc etcd;
  private Proc apiServer;
  private ApiClient http;

  private ControlPlane(Path folder) throws IOException, GeneralSecurityException {
    Path root = Path.of("").toAbsolutePath();
    this.folder = folder;
    bin = Path.of(Parts.output(root, "hack/kubernetes.sh"));
    crds = Path.of(Parts.output(root, "hack/crds.sh"));
    Files.createDirectories(folder);
    SigningKeys.write(folder);
    Files.writeString(
        folder.resolve("tokens.csv"),
        "%s-token,%s,1,system:masters\n%s-token,%s,2\n".formatted(ADMIN, ADMIN, READER, READER));
    String clients = "http://127.0.0.1:" + etcdPort;
    String peers = "http://127.0.0.1:" + peerPort;
    etcd = Proc.start(
        "etcd",
        folder.resolve("etcd.log"),
        Map.of(),
        List.of(
            bin.resolve("etcd").toString(),
            "--name=rig",
            "--data-dir=" + folder.resolve("etcd"),
            "--unsafe-no-fsync",
            "--log-level=warn",
            "--listen-client-urls=" + clients,
            "--advertise-client-urls=" + clients,
            "--listen-peer-urls=" + peers,
            "--initial-advertise-peer-urls=" + peers,
            "--initial-cluster=rig=" + peers));
    try {
      apiServer = startApiServer();
      http = client();
      awaitReady();
    } catch (RuntimeException | IOException | GeneralSecurityException e) {
      close();
      throw e;
    }
  }

  /**
   * Starts both and waits until they answer, some 5 s.
   *
   * @param folder for data, keys and logs
   */
  public static ControlPlane start(Path folder) throws IOException, GeneralSecurityException {
    return new ControlPlane(folder);
  }

  private Proc startApiServer() {
    return Proc.start(
        "kube-apiserver",
        folder.resolve("kube-apiserver.log"),
        Map.of(),
        List.of(
            bin.resolve("kube-apiserver").toString(),
            "--etcd-servers=http://127.0.0.1:" + etcdPort,
            "--bind-address=127.0.0.1",
            "--advertise-address=127.0.0.1",
            "--secure-port=" + port,
            "--endpoint-reconciler-type=none",
            "--cert-dir=" + folder.resolve("certificates"), // makes its own
            "--token-auth-file=" + folder.resolve("tokens.csv"),
            "--authorization-mode=RBAC",
            "--service-account-issuer=https://kubernetes.default.svc",
            "--service-account-key-file=" + folder.resolve("sa.pub"),
            "--service-account-signing-key-file=" + folder.resolve("sa.key"),
            "--service-cluster-ip-range=10.96.0.0/16",
            "--disable-admission-plugins=ServiceAccount", // nobody makes the default ones here
            "--profiling=false"));
  }

  private void awaitReady() {
    apiServer.await("to be ready", START, () -> {
      try {
        return http.send("GET", "/readyz", "", "").statusCode() == 200;
      } catch (UncheckedIOException _) {
        return false;
      }
    });
  }

  /** Ends the API server, as a crash does. */
  public void stopApiServer() {
    apiServer.kill();
  }

  /** Starts it again with the data that it had. */
  public void startApiServerAgain() {
    apiServer = startApiServer();
    awaitReady();
  }

  /** The URL of the API server. */
  public String url() {
    return "https://127.0.0.1:" + port;
  }

  /** Writes a kubeconfig for a user. */
  public Path kubeconfig(String user) throws IOException {
    return new KubeconfigFile(url(), certificate()).write(folder, user);
  }

  /** Creates the CustomResourceDefinitions whose file names contain {@code part}, when those before them have gone. */
  public void createCrds(String part) throws IOException {
    try (var files = Files.list(crds)) {
      for (Path file :
          files.filter(one -> one.getFileName().toString().contains(part)).toList()) {
        String crd = Files.readString(file);
        String name = YAMLMapper.shared().readTree(crd).at("/metadata/name").asString();
        await(name + " is not being deleted").atMost(SOON).until(() -> !isBeingDeleted(name));
        apply(CRDS, crd);
      }
    }
  }

  /**
   * Whether a CustomResourceDefinition is being deleted. One that is deleted just after it was created may fail to list
   * its objects ("storage is (re)initializing"); the API server then tries again minutes later, so that its finalizer is
   * removed here.
   */
  private boolean isBeingDeleted(String name) {
    JsonNode crd = JSON.readTree(http.send("GET", CRDS + "/" + name, "", "").body());
    if (crd.at("/metadata/deletionTimestamp").isMissingNode()) {
      return false;
    }
    if (crd.at("/status/conditions").toString().contains("could not list instances")) {
      var _ = http.send(
          "PATCH",
          CRDS + "/" + name,
          "application/merge-patch+json",
          "{\"metadata\": {\"finalizers\": null}}"); // which may be gone by now
    }
    return true;
  }

  /** Deletes all of them, and with them their objects. */
  public void deleteCrds() throws IOException {
    try (var files = Files.list(crds)) {
      for (Path file : files.toList()) {
        JsonNode crd = YAMLMapper.shared().readTree(Files.readString(file));
        delete(CRDS + "/" + crd.path("metadata").path("name").asString());
      }
    }
  }

  /** Creates or changes an object (server-side apply). */
  public void apply(String collection, String yaml) {
    JsonNode object = YAMLMapper.shared().readTree(yaml);
    String name = object.path("metadata").path("name").asString();
    // A CustomResourceDefinition that was just made is not served at once.
    await("apply " + collection + "/" + name).atMost(SOON).until(() -> {
      HttpResponse<String> response = http.send(
          "PATCH",
          collection + "/" + name + "?fieldManager=rig&force=true",
          "application/apply-patch+yaml",
          JSON.writeValueAsString(object));
      if (response.statusCode() >= 400 && response.statusCode() != 404) {
        throw new IllegalStateException(response.body());
      }
      return response.statusCode() < 300;
    });
  }

  /** Merges into an object or its status. */
  public void merge(String path, String json) {
    ok(http.send("PATCH", path, "application/merge-patch+json", json));
  }

  /** Deletes an object at once. */
  public void delete(String path) {
    ok(http.send("DELETE", path, "application/json", "{\"gracePeriodSeconds\": 0}"));
  }

  /** Deletes an object in its time, as a finalizer or a grace period wants it. */
  public void deleteGracefully(String path) {
    ok(http.send("DELETE", path, "", ""));
  }

  private static void ok(HttpResponse<String> response) {
    if (response.statusCode() >= 300) {
      throw new IllegalStateException(response.uri() + ": " + response.body());
    }
  }

  private Path certificate() {
    return folder.resolve("certificates/apiserver.crt");
  }

  private ApiClient client() throws IOException, GeneralSecurityException {
    apiServer.await("to make its certificate", START, () -> Files.exists(certificate()));
    return ApiClient.of(url(), certificate());
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    if (apiServer != null) {
      apiServer.kill();
    }
    etcd.kill();
  }
}
