package dev.pointsman.kube.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.model.Endpoint;
import dev.pointsman.model.PoolRef;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A source of snapshots over a stand-in for the API server, which has a pool with one pod. */
abstract class StandInFixture {
  static final Duration SOON = Duration.ofSeconds(60);
  static final String POOLS = "/apis/inference.networking.k8s.io/v1/inferencepools";
  static final String MODELS = "/apis/inference.networking.x-k8s.io/v1alpha2/inferencemodels";
  static final String GATEWAYS = "/apis/gateway.networking.k8s.io/v1/gateways";
  static final String SERVICES = "/api/v1/services";
  static final String SLICES = "/apis/discovery.k8s.io/v1/endpointslices";
  static final String PODS = "/api/v1/namespaces/ml/pods";
  static final PoolRef POOL = new PoolRef(PoolRef.V1, "ml", "qwen");

  @TempDir
  Path folder;

  StandInApiServer server;
  KubernetesSource source;
  final AtomicInteger snapshots = new AtomicInteger();

  @BeforeEach
  void start() throws Exception {
    server = new StandInApiServer();
    server.store(POOLS, "qwen", """
        {"metadata": {"name": "qwen", "namespace": "ml", "resourceVersion": "VERSION"},
         "spec": {"selector": {"matchLabels": {"app": "qwen"}}, "targetPorts": [{"number": 8000}],
                  "endpointPickerRef": {"name": "picker", "port": {"number": 9002}}}}
        """);
    server.store(PODS, "qwen-0", pod("qwen-0", "10.0.0.1", true));
    source = new KubernetesSource(server.access(folder), List.of(), () -> {});
  }

  @AfterEach
  void stop() {
    source.close();
    server.close();
  }

  void run() {
    source.start(_ -> snapshots.incrementAndGet());
  }

  static String pod(String name, String ip, boolean ready) {
    return """
        {"metadata": {"name": "%s", "namespace": "ml", "resourceVersion": "VERSION",
                      "labels": {"app": "qwen"}},
         "status": {"podIP": "%s", "conditions": [{"type": "Ready", "status": "%s"}]}}""".formatted(name, ip, ready ? "True" : "False").replace("\n", " ");
  }

  void assertEndpoints(String... addresses) {
    List<Endpoint> expected =
        List.of(addresses).stream().map(address -> new Endpoint(address, 8000)).toList();
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(source.get().endpointsOf(POOL)).contains(expected));
  }

  /** Waits until the source reports one problem, with all of the texts. */
  void awaitProblem(String... texts) {
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(source.state().problems()).singleElement().asString().contains(texts));
  }

  long asked(String part) {
    return server.requests().stream().filter(request -> request.contains(part)).count();
  }
}
