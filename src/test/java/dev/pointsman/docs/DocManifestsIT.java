package dev.pointsman.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.rig.ControlPlane;
import dev.pointsman.rig.Parts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Every Kubernetes object of the documentation is accepted by a real API server with the CRDs of Gateway API, Envoy
 * Gateway, the Inference Extension and ours. It is applied as users do it, with kubectl, unknown fields being errors; the
 * server keeps nothing.
 */
@Tag("kubernetes")
class DocManifestsIT {
  private static final Path ROOT = Path.of("").toAbsolutePath();

  @TempDir
  static Path folder;

  private static ControlPlane plane;
  private static String kubectl;
  private static Path kubeconfig;

  @BeforeAll
  static void start() throws Exception {
    plane = ControlPlane.start(folder);
    kubectl = Parts.output(ROOT, "hack/kubernetes.sh") + "/kubectl";
    kubeconfig = plane.kubeconfig(ControlPlane.ADMIN);
    Path gateway = Path.of(Parts.output(ROOT, "hack/envoy-gateway-chart.sh"), "charts/crds/crds");
    Path inference = Path.of(Parts.output(ROOT, "hack/inference-extension.sh"), "crds");
    for (Path crds : List.of(gateway, inference, Path.of("charts/pointsman/crds"))) {
      run("apply", "--server-side", "--recursive", "-f", crds.toString());
    }
    run("wait", "--for=condition=Established", "--timeout=60s", "crd", "--all");
    List<String> namespaces = DocPage.all()
        .flatMap(page -> DocManifestsTest.documents(page).stream())
        .map(object -> object.at("/metadata/namespace").asString("default"))
        .distinct()
        .filter(name -> !name.equals("default"))
        .toList();
    for (String name : namespaces) {
      run("create", "namespace", name);
    }
  }

  @AfterAll
  static void stop() {
    plane.close();
  }

  static Stream<DocPage> pages() {
    return DocManifestsTest.pages();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void objectsAreAccepted(DocPage page) throws Exception {
    Path file = folder.resolve("object.json");
    for (JsonNode object : DocManifestsTest.documents(page)) {
      if (object.has("apiVersion")) {
        Files.writeString(file, object.toString());
        String said = run(
            "apply",
            "--server-side",
            "--dry-run=server",
            "--validate=strict",
            "-f",
            file.toString());
        assertThat(said).contains("serverside-applied (server dry run)").doesNotContain("Warning");
      }
    }
  }

  private static String run(String... arguments) throws IOException, InterruptedException {
    List<String> command = Stream.concat(
            Stream.of(kubectl, "--kubeconfig=" + kubeconfig), Stream.of(arguments))
        .toList();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(String.join(" ", command) + "\n" + said).isZero();
    return said;
  }
}
