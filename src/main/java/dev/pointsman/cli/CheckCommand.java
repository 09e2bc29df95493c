package dev.pointsman.cli;

import dev.pointsman.cli.CheckResult.Verdict;
import dev.pointsman.config.BadInput;
import dev.pointsman.config.HostPort;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code pointsman check}: an installation, by the admin ports of its replicas and by the objects of its cluster. */
@Command(
    name = "check",
    description =
        "Checks an installation: replicas and their rights, Envoy Gateway's calls, proxies that ask for endpoints,"
            + " certificates. With --kubernetes also CustomResourceDefinitions, Envoy Gateway's configuration, and each"
            + " pool's pods and picker. The exit code is 1 if a check fails.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  pointsman check --kubernetes",
      "  pointsman check --server http://127.0.0.1:8080",
      "  pointsman check --server http://pointsman-metrics.envoy-gateway-system.svc:8080 --wait 60"
    })
final class CheckCommand implements Callable<Integer> {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Option(
      names = "--kubernetes",
      description =
          "Check the cluster: its objects, and the replicas by the API server's proxy to pods.")
  private boolean kubernetes;

  @Mixin
  private final KubeconfigOption kubeconfig = new KubeconfigOption();

  @Option(
      names = "--server",
      paramLabel = "URL",
      description =
          "Check by the admin port alone. If the host's name has several addresses, as a headless Service's has, each of"
              + " them is a replica.")
  private @Nullable URI server;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      description = "Check again for this time until nothing fails (default: ${DEFAULT-VALUE}).")
  private int wait;

  @Override
  public Integer call() throws InterruptedException {
    if (kubernetes == (server != null)) {
      throw new BadInput("use either --kubernetes or --server");
    }
    Optional<Path> access = kubeconfig.file(kubernetes);
    if (wait < 0) {
      throw new BadInput("--wait " + wait + ": a number of seconds is not negative");
    }
    List<CheckResult> results;
    try (Progress _ = Progress.of(spec.commandLine().getErr(), "checking")) {
      results = awaited(access);
    }
    PrintWriter out = spec.commandLine().getOut();
    results.forEach(out::println);
    out.flush();
    return failed(results) ? 1 : 0;
  }

  private List<CheckResult> awaited(Optional<Path> access) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(wait).toNanos();
    List<CheckResult> results = results(access);
    while (failed(results) && System.nanoTime() < end) {
      Thread.sleep(Duration.ofSeconds(2));
      results = results(access);
    }
    return results;
  }

  private List<CheckResult> results(Optional<Path> access) throws InterruptedException {
    if (server == null) {
      return ClusterReplicas.results(access);
    }
    ServerQuestion.requireAdminPort(server);
    return results(server);
  }

  private static boolean failed(List<CheckResult> results) {
    return results.stream().anyMatch(result -> result.verdict() == Verdict.FAILED);
  }

  private static List<CheckResult> results(URI server) throws InterruptedException {
    List<CheckResult> unreachable = new ArrayList<>();
    List<ReplicaReport> replicas = new ArrayList<>();
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
      for (InetAddress address : InetAddress.getAllByName(server.getHost())) {
        try {
          replicas.add(ReplicaReport.of(
              address.getHostAddress(),
              get(client, server, address, "/readyz"),
              get(client, server, address, "/metrics")));
        } catch (ReplicaReport.OtherServer e) {
          unreachable.add(ReplicaReport.OtherServer.result(address.getHostAddress()));
        } catch (IOException e) {
          unreachable.add(CheckResult.failed("replica " + address.getHostAddress()
              + " does not respond: " + ServerQuestion.reason(e)));
        }
      }
    } catch (IOException e) {
      unreachable.add(
          CheckResult.failed("the name " + server.getHost() + " has no address: no replica runs"));
    }
    if (!replicas.isEmpty()) {
      unreachable.addAll(new InstallationChecks(replicas, Instant.now()).results());
    }
    return unreachable;
  }

  private static String get(HttpClient client, URI server, InetAddress address, String path)
      throws IOException, InterruptedException {
    String host = address.getHostAddress();
    HostPort port = new HostPort(host, server.getPort() < 0 ? 80 : server.getPort());
    URI uri = URI.create("http://" + port + path);
    HttpRequest request = HttpRequest.newBuilder(uri)
        .timeout(TIMEOUT)
        .header("accept", path.equals("/readyz") ? "application/json" : "*/*")
        .build();
    return client.send(request, BodyHandlers.ofString()).body(); // not ready is an answer, too
  }
}
