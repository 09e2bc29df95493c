package dev.pointsman.kube.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Endpoint;
import dev.pointsman.model.PoolRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A folder of manifests that a test writes, and a source over it. */
abstract class ResourceFilesFixture {
  static final PoolRef QWEN = new PoolRef(PoolRef.V1, "default", "qwen");
  static final PoolRef OLD = new PoolRef(PoolRef.V1ALPHA2, "default", "old");
  static final Duration LIVE = Duration.ofSeconds(1);
  static final String POOL = """
      apiVersion: inference.networking.k8s.io/v1
      kind: InferencePool
      metadata: {name: qwen}
      spec:
        selector: {matchLabels: {app: qwen}}
        targetPorts: [{number: 8000}]
        endpointPickerRef: {name: epp, port: {number: 9002}}
      """;

  @TempDir
  Path folder;

  final List<ClusterSnapshot> published = new CopyOnWriteArrayList<>();
  ResourceFiles files;

  @BeforeEach
  void source() {
    files = new ResourceFiles(folder);
  }

  @AfterEach
  void close() {
    files.close();
  }

  static String pod(String name, String ip, String more) {
    return """
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, labels: {app: qwen}%s}
        status: {podIP: "%s", conditions: [{type: Ready, status: "True"}]}
        """.formatted(name, more, ip);
  }

  void write(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  void start() {
    files.start(published::add);
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> assertThat(files.get().synced()).isTrue());
  }

  List<String> hosts() {
    return files.get().endpointsOf(QWEN).orElse(List.of()).stream()
        .map(Endpoint::address)
        .toList();
  }

  List<String> said() {
    return files.problems().stream().map(FileProblem::toString).toList();
  }
}
