package dev.pointsman.kube.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.model.Endpoint;
import dev.pointsman.model.PoolRef;
import dev.pointsman.rig.ControlPlane;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A real API server, and objects in it. */
abstract class RealApiServer {
  static final Duration SOON = Duration.ofSeconds(60);
  static final String RBAC = "/apis/rbac.authorization.k8s.io/v1";

  @TempDir
  static Path folder;

  static ControlPlane plane;

  @BeforeAll
  static void start() throws Exception {
    plane = ControlPlane.start(folder.resolve("plane"));
  }

  @AfterAll
  static void stop() {
    plane.close();
  }

  static KubernetesSource source(String user, String... namespaces) throws Exception {
    ApiAccess access = ApiAccess.find(Optional.of(plane.kubeconfig(user)));
    KubernetesSource source = new KubernetesSource(access, List.of(namespaces), () -> {});
    source.start(_ -> {});
    return source;
  }

  static void awaitSynced(KubernetesSource source) {
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(source.synced()).as("%s", source.state()).isTrue());
  }

  static void namespace(String name) {
    plane.apply("/api/v1/namespaces", """
        {apiVersion: v1, kind: Namespace, metadata: {name: %s}}
        """.formatted(name));
  }

  static PoolRef pool(String namespace, String name) {
    plane.apply(
        "/apis/inference.networking.k8s.io/v1/namespaces/" + namespace + "/inferencepools",
        """
        apiVersion: inference.networking.k8s.io/v1
        kind: InferencePool
        metadata: {name: %s, namespace: %s}
        spec:
          selector: {matchLabels: {app: %s}}
          targetPorts: [{number: 8000}]
          endpointPickerRef: {name: picker, port: {number: 9002}}
        """.formatted(name, namespace, name));
    return new PoolRef(PoolRef.V1, namespace, name);
  }

  static String pods(String namespace) {
    return "/api/v1/namespaces/" + namespace + "/pods";
  }

  static void pod(String namespace, String name, String app, String... ips) {
    plane.apply(pods(namespace), """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, namespace: %s, labels: {app: %s}, finalizers: [pointsman.dev/test]}
        spec: {containers: [{name: server, image: none}]}
        """.formatted(name, namespace, app));
    status(namespace, name, true, ips);
  }

  static void status(String namespace, String name, boolean ready, String... ips) {
    StringBuilder list = new StringBuilder();
    for (String ip : ips) {
      list.append(list.isEmpty() ? "" : ",").append("{\"ip\": \"" + ip + "\"}");
    }
    plane.merge(pods(namespace) + "/" + name + "/status", """
        {"status": {"podIP": "%s", "podIPs": [%s],
         "conditions": [{"type": "Ready", "status": "%s"}]}}
        """.formatted(
            ips[0], list, ready ? "True" : "False"));
  }

  static void assertEndpoints(KubernetesSource source, PoolRef pool, String... addresses) {
    List<Endpoint> expected =
        List.of(addresses).stream().map(address -> new Endpoint(address, 8000)).toList();
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(source.get().endpointsOf(pool)).contains(expected));
  }

  static final String ALL_BUT_SERVICES = """
      {apiGroups: [inference.networking.k8s.io, inference.networking.x-k8s.io, pointsman.dev,
                   gateway.networking.k8s.io, discovery.k8s.io],
       resources: [inferencepools, inferencemodels, inferencepolicies, httproutes, gateways,
                   referencegrants, endpointslices],
       verbs: [list, watch]},
      {apiGroups: [""], resources: [pods, configmaps], verbs: [list, watch]}
      """;
}
