package dev.pointsman.e2e.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A real control plane whose pods are processes in namespaces of the kernel ({@code hack/cluster.sh}): the real programs,
 * without container images. Needs root.
 */
final class ProcessCluster implements Cluster {
  private static final Duration END = Duration.ofSeconds(20);

  private final Path state;
  private final Optional<Process> process;
  private final KubernetesClient api;
  private final HttpClient http;

  private ProcessCluster(Path state, Optional<Process> process) {
    this.state = state;
    this.process = process;
    String address = Commands.read(state.resolve("proxy")).strip();
    Config config = Config.fromKubeconfig(kubeconfig().toFile());
    config.setHttpsProxy(
        "http://" + address); // the client would prefer this machine's own to the file's
    config.setNoProxy(new String[0]);
    this.api = new KubernetesClientBuilder().withConfig(config).build();
    String[] proxy = address.split(":");
    this.http = HttpClient.newBuilder()
        .version(Version.HTTP_1_1)
        .connectTimeout(Duration.ofSeconds(5))
        .proxy(ProxySelector.of(new InetSocketAddress(proxy[0], Integer.parseInt(proxy[1]))))
        .build();
  }

  /** A cluster that runs already, everything installed; it is left as it is. */
  static ProcessCluster running(Path state) {
    return new ProcessCluster(state, Optional.empty());
  }

  /**
   * Starts a cluster and installs everything; what is going on is said on the standard output.
   *
   * @param store keeps the API server's objects: etcd or kine
   */
  static ProcessCluster start(Path state, String store) {
    ProcessCluster cluster = empty(state, store);
    Process install = begin("hack/cluster/install.sh", state.toAbsolutePath().toString());
    echo(install, "");
    try {
      if (install.waitFor() != 0) {
        String found = Findings.of(cluster);
        cluster.close();
        throw new IllegalStateException("the installation failed, see above\n" + found);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return cluster;
  }

  /** Starts a cluster in which nothing is installed. */
  static ProcessCluster empty(Path state, String store) {
    if (!System.getProperty("user.name").equals("root")) {
      throw new IllegalStateException(
          "the end-to-end tests on Kubernetes make network namespaces and mounts, which needs"
              + " root: run them as root, or in K3s (hack/e2e.sh k3s), or leave them out (-Dgroups.left.out=kubernetes)");
    }
    String folder = state.toAbsolutePath().toString();
    Process up =
        begin("hack/cluster.sh", "--state", folder, "up", "--store", store, "--foreground");
    echo(up, "cluster.sh: ready");
    return new ProcessCluster(state.toAbsolutePath(), Optional.of(up));
  }

  private static Process begin(String... command) {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Passes on what a process says until it says {@code last}; its end counts as well if {@code last} is empty. */
  private static void echo(Process process, String last) {
    try {
      BufferedReader lines = process.inputReader();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        System.out.println(line);
        if (!last.isEmpty() && line.contains(last)) {
          return;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!last.isEmpty()) {
      throw new IllegalStateException("the cluster did not start, see above");
    }
  }

  @Override
  public Path kubeconfig() {
    return state.resolve("kubeconfig.host");
  }

  /** They are all below the first one, so that no other cluster's on this machine is among them. */
  @Override
  public Stream<ProcessHandle> processes() {
    String first = Commands.read(state.resolve("cluster.pid")).strip().split(" ")[0];
    return ProcessHandle.of(Long.parseLong(first)).stream().flatMap(ProcessHandle::descendants);
  }

  @Override
  public KubernetesClient api() {
    return api;
  }

  @Override
  public HttpClient http() {
    return http;
  }

  /** There is no kubelet to ask, so it is read from the node's files; pods that are gone are found too. */
  @Override
  public String log(String namespace, String pod) {
    Path folder = state.resolve("logs").resolve(namespace).resolve(pod);
    if (!Files.isDirectory(folder)) {
      return "";
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> sorted = files.sorted().toList();
      return sorted.stream().map(Commands::read).collect(Collectors.joining());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    api.close();
    http.shutdownNow();
    process.ifPresent(ProcessCluster::end);
  }

  private static void end(Process process) {
    try {
      process.getOutputStream().close(); // the cluster ends with its input
      if (!process.waitFor(END.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly(); // and with its parent
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
