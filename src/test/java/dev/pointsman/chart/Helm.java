package dev.pointsman.chart;

import dev.pointsman.rig.Versions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The real Helm, as {@code hack/helm.sh} finds it. */
final class Helm {
  static final String CHART = "charts/pointsman";

  /** The Kubernetes version of charts that are rendered without a cluster. */
  private static final String KUBE_VERSION = Versions.of("KUBERNETES_VERSION");

  private final Map<String, String> environment;

  /**
   * The output of Helm.
   *
   * @param out its standard output
   * @param err its standard error
   */
  record Output(int code, String out, String err) {
    /** The output of a call that went well. */
    String ok() {
      if (code != 0) {
        throw new AssertionError("helm ended with code " + code + ":\n" + err);
      }
      return out;
    }
  }

  /** Helm with further environment variables, e.g. KUBECONFIG. */
  Helm(Map<String, String> environment) {
    this.environment = environment;
  }

  /** Renders the chart without a cluster. */
  static Output template(String release, String namespace, List<String> more) {
    List<String> arguments =
        new ArrayList<>(List.of("template", release, CHART, "--namespace", namespace));
    arguments.addAll(List.of("--kube-version", KUBE_VERSION));
    arguments.addAll(more);
    return new Helm(Map.of()).run(arguments.toArray(String[]::new));
  }

  /** Checks the chart as Helm's own linter does. */
  static Output lint(String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("lint", "--strict", CHART, "--kube-version", KUBE_VERSION));
    arguments.addAll(List.of(more));
    return new Helm(Map.of()).run(arguments.toArray(String[]::new));
  }

  /** Runs it from the repository's root. */
  Output run(String... arguments) {
    List<String> command = new ArrayList<>(List.of("hack/helm.sh"));
    command.addAll(List.of(arguments));
    try {
      Path home = Files.createTempDirectory("helm");
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().put("HELM_CONFIG_HOME", home.toString());
      builder.environment().put("HELM_CACHE_HOME", home.toString());
      builder.environment().put("HELM_DATA_HOME", home.toString());
      builder.environment().putAll(environment);
      Process process = builder.start();
      process.getOutputStream().close();
      CompletableFuture<String> err = CompletableFuture.supplyAsync(
          () -> text(process.errorReader().lines().toList()), Thread::startVirtualThread);
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Output(process.waitFor(), out, err.join());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String text(List<String> lines) {
    return String.join("\n", lines);
  }
}
