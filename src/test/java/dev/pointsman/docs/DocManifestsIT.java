package dev.pointsman.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pointsman.docs.ToolCalls.ToolCall;
import dev.pointsman.rig.ControlPlane;
import dev.pointsman.rig.Parts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
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
  private static final Set<String> READING = Set.of("get", "describe", "wait", "api-resources");
  private static final Path ROOT = Path.of("").toAbsolutePath();
  private static final Map<List<String>, Said> HELP = new HashMap<>();

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

  static Stream<DocPage> allPages() {
    return DocPage.all();
  }

  static Stream<DocPage> pages() {
    return DocManifestsTest.pages();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void objectsAreAccepted(DocPage page) throws Exception {
    List<String> objects = DocManifestsTest.documents(page).stream()
        .filter(object -> object.has("apiVersion"))
        .map(JsonNode::toString)
        .toList();
    if (objects.isEmpty()) {
      return;
    }
    Path file = Files.writeString(folder.resolve("objects.yaml"), String.join("\n---\n", objects));
    String said = run(
        "apply", "--server-side", "--dry-run=server", "--validate=strict", "-f", file.toString());
    assertThat(said).doesNotContain("Warning");
    assertThat(said.lines())
        .hasSameSizeAs(objects)
        .allSatisfy(line -> assertThat(line).contains("serverside-applied (server dry run)"));
  }

  /**
   * Commands that read run on the API server, where most objects are missing; of others the tool's help has the command and
   * each of its options.
   */
  @ParameterizedTest
  @MethodSource("allPages")
  void commandsAreUnderstood(DocPage page) throws Exception {
    understood(page);
  }

  @Test
  void commandsAreFoundAndSoAreMistakes() throws Exception {
    ToolCalls calls = new ToolCalls(folder);
    assertThat(DocPage.all().flatMap(page -> calls.of(page).stream())).hasSizeGreaterThan(40);
    for (String wrong : List.of(
        "kubectl get inferencepoools -A",
        "kubectl get pods --field-selectors a=b",
        "kubectl get pods -o jsonpath='{.items[*'",
        "kubectl rollout restartt deployment/a",
        "helm upgrad eg",
        "helm install a b --waitt")) {
      assertThatThrownBy(() -> understood(new DocPage(Path.of("a.md"), "Run `" + wrong + "`.")))
          .as(wrong)
          .isInstanceOf(AssertionError.class);
    }
  }

  private static void understood(DocPage page) throws Exception {
    for (ToolCall call : new ToolCalls(folder).of(page)) {
      if (call.tool().equals("kubectl") && READING.contains(verb(call.arguments()))
          || call.command().startsWith("auth can-i")) {
        Said said = said(command(call.arguments()));
        if (said.code() == 0) {
          continue;
        }
        assertThat(said.text())
            .as(call.toString())
            .doesNotContain("unknown", "error parsing", "doesn't have a resource type", "panic")
            .satisfiesAnyOf(
                text -> assertThat(text).containsIgnoringCase("not found"),
                text -> assertThat(text).contains("no matching resources"),
                text -> assertThat(text).isEqualToIgnoringWhitespace("no"));
      } else {
        helpHas(call);
      }
    }
  }

  private static void helpHas(ToolCall call) throws Exception {
    boolean isKubectl = call.tool().equals("kubectl");
    String tool = isKubectl ? kubectl : "hack/helm.sh";
    List<String> words = call.arguments().stream()
        .takeWhile(word -> !word.startsWith("-"))
        .limit(call.arguments().getFirst().equals("show") ? 2 : 1) // helm show crds CHART
        .toList();
    if (isKubectl && call.arguments().contains("rollout")) {
      words = List.of("rollout", call.command().split(" ")[1]);
    } else if (words.equals(List.of("create"))) {
      List<String> kind =
          call.arguments().stream().takeWhile(word -> !word.startsWith("-")).toList();
      words = kind.subList(0, kind.size() - 1); // the last one is the object's name
    } else if (words.isEmpty()) {
      words = List.of(verb(call.arguments()));
    }
    List<String> asked = new ArrayList<>(List.of(tool));
    asked.addAll(words);
    asked.add("--help");
    Said help = help(asked);
    assertThat(help.code()).as(call + "\n" + help.text()).isZero();
    assertThat(help.text())
        .as(call.toString())
        .contains("Usage:", (isKubectl ? "kubectl " : "helm ") + String.join(" ", words) + " ");
    String options =
        help.text() + help(List.of(tool, isKubectl ? "options" : "--help")).text();
    call.arguments().stream()
        .filter(word -> word.matches("--?[a-z].*"))
        .map(word -> word.replaceFirst("=.*", ""))
        .forEach(option -> assertThat(options)
            .as(call.toString())
            .containsPattern("(^|\\s)" + option + "[,= :\\s]"));
  }

  /** The first word that is no option and no value of {@code -n}. */
  private static String verb(List<String> arguments) {
    return arguments.get(arguments.getFirst().equals("-n") ? 2 : 0);
  }

  private static List<String> command(List<String> arguments) {
    return Stream.concat(
            Stream.of(kubectl, "--kubeconfig=" + kubeconfig),
            arguments.stream().map(word -> word.startsWith("--timeout=") ? "--timeout=1s" : word))
        .toList();
  }

  private record Said(int code, String text) {}

  private static Said help(List<String> command) throws IOException, InterruptedException {
    Said known = HELP.get(command);
    if (known != null) {
      return known;
    }
    Said help = said(command);
    HELP.put(command, help);
    return help;
  }

  private static Said said(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Said(process.waitFor(), text);
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
