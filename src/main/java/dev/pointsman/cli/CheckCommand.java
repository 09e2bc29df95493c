package dev.pointsman.cli;

import dev.pointsman.cli.CheckResult.Verdict;
import dev.pointsman.config.HostPort;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code pointsman check}: an installation, by the admin ports of its replicas. */
@Command(
    name = "check",
    description =
        "Checks an installation by its admin port: replicas and their rights, Envoy Gateway's calls, proxies that ask"
            + " for endpoints, certificates. The exit code is 1 if a check fails; warnings are about users' objects.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  pointsman check --server http://127.0.0.1:8080",
      "  pointsman check --server http://pointsman-metrics.envoy-gateway-system.svc:8080 --wait 60"
    })
final class CheckCommand implements Callable<Integer> {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli's
  private CommandSpec spec;

  @Option(
      names = "--server",
      paramLabel = "URL",
      required = true,
      description =
          "The admin port. If the host's name has several addresses, as a headless Service's has, each of them is a replica.")
  @SuppressWarnings("NullAway.Init")
  private URI server;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      description = "Check again for this time until nothing fails (default: ${DEFAULT-VALUE}).")
  private int wait;

  @Override
  public Integer call() throws InterruptedException {
    ServerQuestion.requireAdminPort(server);
    long end = System.nanoTime() + Duration.ofSeconds(wait).toNanos();
    List<CheckResult> results = results();
    while (failed(results) && System.nanoTime() < end) {
      Thread.sleep(Duration.ofSeconds(2));
      results = results();
    }
    PrintWriter out = spec.commandLine().getOut();
    results.forEach(out::println);
    out.flush();
    return failed(results) ? 1 : 0;
  }

  private static boolean failed(List<CheckResult> results) {
    return results.stream().anyMatch(result -> result.verdict() == Verdict.FAILED);
  }

  private List<CheckResult> results() throws InterruptedException {
    List<CheckResult> unreachable = new ArrayList<>();
    List<ReplicaReport> replicas = new ArrayList<>();
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
      for (InetAddress address : InetAddress.getAllByName(server.getHost())) {
        try {
          replicas.add(ReplicaReport.of(
              address.getHostAddress(),
              get(client, address, "/readyz"),
              get(client, address, "/metrics")));
        } catch (IOException e) {
          unreachable.add(CheckResult.failed(
              "replica " + address.getHostAddress() + " does not respond: " + e));
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

  private String get(HttpClient client, InetAddress address, String path)
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
