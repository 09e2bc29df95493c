package dev.pointsman.e2e.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/**
 * K3s in a container, with images: Envoy Gateway's, Envoy's and the endpoint picker's from their registries, Pointsman's
 * and the model server's built here and loaded. Needs Docker, on Linux, where containers' addresses can be reached.
 */
final class K3sCluster implements Cluster {
  private static final DockerImageName K3S = DockerImageName.parse("rancher/k3s:v1.35.0-k3s1");

  private final K3sContainer container;
  private final Path kubeconfig;
  private final KubernetesClient api;
  private final HttpClient http = HttpClient.newBuilder()
      .version(Version.HTTP_1_1)
      .connectTimeout(Duration.ofSeconds(5))
      .build();

  private K3sCluster(K3sContainer container, Path kubeconfig) {
    this.container = container;
    this.kubeconfig = kubeconfig;
    this.api = new KubernetesClientBuilder()
        .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
        .build();
  }

  /** Whether there is a Docker to run it. */
  static boolean isPossible() {
    return DockerClientFactory.instance().isDockerAvailable();
  }

  /** Starts K3s and installs everything. */
  static K3sCluster start(Path folder) {
    K3sContainer container = new K3sContainer(K3S);
    container.start();
    try {
      Files.createDirectories(folder);
      Path kubeconfig = folder.resolve("kubeconfig").toAbsolutePath();
      Files.writeString(kubeconfig, container.getKubeConfigYaml());
      for (String image : Commands.run(Map.of(), "", "hack/cluster/images.sh", List.of())
          .lines()
          .toList()) {
        load(container, Path.of(image));
      }
      K3sCluster cluster = new K3sCluster(container, kubeconfig);
      System.out.println(Commands.run(
          Map.of(), "", "hack/cluster/install.sh", List.of("--kubeconfig", kubeconfig.toString())));
      return cluster;
    } catch (IOException e) {
      container.stop();
      throw new UncheckedIOException(e);
    } catch (RuntimeException | Error e) {
      container.stop();
      throw e;
    }
  }

  private static void load(K3sContainer container, Path image) throws IOException {
    String inside = "/tmp/" + image.getFileName();
    container.copyFileToContainer(MountableFile.forHostPath(image), inside);
    try {
      ExecResult result =
          container.execInContainer("ctr", "-n", "k8s.io", "images", "import", inside);
      if (result.getExitCode() != 0) {
        throw new IllegalStateException(
            "the image " + image + " is not loaded: " + result.getStderr());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Path kubeconfig() {
    return kubeconfig;
  }

  @Override
  public KubernetesClient api() {
    return api;
  }

  @Override
  public HttpClient http() {
    return http;
  }

  @Override
  public String log(String namespace, String pod) {
    return api.pods().inNamespace(namespace).withName(pod).get().getSpec().getContainers().stream()
        .map(Container::getName)
        .map(name ->
            api.pods().inNamespace(namespace).withName(pod).inContainer(name).getLog())
        .collect(Collectors.joining());
  }

  @Override
  public void close() {
    api.close();
    http.shutdownNow();
    container.stop();
  }
}
