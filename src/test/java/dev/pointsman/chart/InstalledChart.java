package dev.pointsman.chart;

import dev.pointsman.rig.ControlPlane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A real API server into which the chart is installed. */
abstract class InstalledChart {
  static final String GATEWAY = "envoy-gateway-system";

  /** Kinds of operators whose definitions are not there. */
  static final Set<String> OF_OTHERS =
      Set.of("Certificate", "Issuer", "PodMonitor", "PrometheusRule", "ServiceMonitor");

  /** The definition of the kind of the access log's object, in Envoy Gateway's chart. */
  private static final String ENVOY_PROXIES =
      "charts/crds/crds/generated/gateway.envoyproxy.io_envoyproxies.yaml";

  @TempDir
  static Path folder;

  static ControlPlane plane;
  static Path kubectl;
  static Helm helm;

  @BeforeAll
  static void start() throws Exception {
    plane = ControlPlane.start(folder);
    helm = new Helm(Map.of("KUBECONFIG", plane.kubeconfig(ControlPlane.ADMIN).toString()));
    kubectl = Path.of(run(List.of("hack/kubernetes.sh")).strip()).resolve("kubectl");
    Path chart = Path.of(run(List.of("hack/envoy-gateway-chart.sh")).strip());
    kubectl("apply", "--server-side", "-f", chart.resolve(ENVOY_PROXIES).toString());
    for (String namespace : List.of(GATEWAY, "gateways", "team-a", "team-b", "models")) {
      kubectl("create", "namespace", namespace);
    }
  }

  @AfterAll
  static void stop() {
    plane.close();
  }

  static String[] with(String[] last, String... first) {
    return Stream.concat(Stream.of(first), Stream.of(last)).toArray(String[]::new);
  }

  static String kubectl(String... arguments) {
    List<String> command = new ArrayList<>(List.of(kubectl.toString()));
    command.addAll(List.of(arguments));
    return run(command);
  }

  static String run(List<String> command) {
    Helm.Output output = process(command);
    if (output.code() != 0) {
      throw new AssertionError(String.join(" ", command) + ":\n" + output.out() + output.err());
    }
    return output.out();
  }

  static Helm.Output process(List<String> command) {
    try {
      Path err = Files.createTempFile(folder, "kubectl", ".err");
      ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
      builder.environment().put("KUBECONFIG", folder.resolve("admin.kubeconfig").toString());
      Process process = builder.start();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Helm.Output(process.waitFor(), out, Files.readString(err));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
