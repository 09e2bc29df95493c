package dev.pointsman.kube.status;

import dev.pointsman.kube.api.ApiAccess;
import dev.pointsman.kube.api.KubernetesSource;
import dev.pointsman.rig.ControlPlane;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A real API server with a route, pools and a policy, and replicas that write statuses into it. */
abstract class StatusesFixture {
  static final Duration SOON = Duration.ofSeconds(30);
  static final String GATEWAYS = "/apis/gateway.networking.k8s.io/v1/namespaces/";
  static final String POOLS =
      "/apis/inference.networking.k8s.io/v1/namespaces/models/inferencepools";
  static final String ALPHA_POOLS =
      "/apis/inference.networking.x-k8s.io/v1alpha2/namespaces/models/inferencepools";
  static final String POLICIES = "/apis/pointsman.dev/v1alpha1/namespaces/models/inferencepolicies";
  static final String EVENTS = "/apis/events.k8s.io/v1/namespaces/models/events";
  static final String ROUTE = GATEWAYS + "models/httproutes/chat";
  static final String OURS = "pointsman.dev/inference";

  @TempDir
  static Path folder;

  static ControlPlane plane;
  static ApiAccess access;
  /** With no more rights than writing takes. */
  static ApiAccess limited;

  static RawWriteApi api;

  final Deque<AutoCloseable> running = new ArrayDeque<>();

  @BeforeAll
  static void start() throws Exception {
    plane = ControlPlane.start(folder.resolve("plane"));
    plane.createCrds("");
    for (String namespace : List.of("infra", "models", "pointsman")) {
      plane.apply(
          "/api/v1/namespaces",
          "{apiVersion: v1, kind: Namespace, metadata: {name: " + namespace + "}}");
    }
    access = ApiAccess.find(Optional.of(plane.kubeconfig(ControlPlane.ADMIN)));
    StatusRights.allow(plane);
    limited = ApiAccess.find(Optional.of(plane.kubeconfig(ControlPlane.READER)));
    api = new RawWriteApi(access.config());
  }

  @AfterAll
  static void stop() {
    api.close();
    plane.close();
  }

  @BeforeEach
  void objects() {
    plane.apply(GATEWAYS + "infra/gateways", """
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: {name: edge, namespace: infra}
        spec: {gatewayClassName: eg, listeners: [{name: http, port: 80, protocol: HTTP}]}
        """);
    plane.apply(GATEWAYS + "models/httproutes", """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: chat, namespace: models}
        spec:
          parentRefs: [{name: edge, namespace: infra}]
          rules:
          - backendRefs:
            - {group: inference.networking.k8s.io, kind: InferencePool, name: qwen}
            - {group: inference.networking.x-k8s.io, kind: InferencePool, name: old}
        """);
    plane.merge(ROUTE + "/status", """
        {"status": {"parents": [{
          "controllerName": "gateway.envoyproxy.io/gatewayclass-controller",
          "parentRef": {"name": "edge", "namespace": "infra"},
          "conditions": [{"type": "Accepted", "status": "True", "reason": "Accepted", "message": "",
            "lastTransitionTime": "2026-11-22T10:00:00Z"}]}]}}""");
    plane.apply(POOLS, """
        apiVersion: inference.networking.k8s.io/v1
        kind: InferencePool
        metadata: {name: qwen, namespace: models}
        spec:
          selector: {matchLabels: {app: qwen}}
          targetPorts: [{number: 8000}]
          endpointPickerRef: {name: nowhere, port: {number: 9002}}
        """);
    plane.apply(ALPHA_POOLS, """
        apiVersion: inference.networking.x-k8s.io/v1alpha2
        kind: InferencePool
        metadata: {name: old, namespace: models}
        spec: {selector: {app: old}, targetPortNumber: 8000, extensionRef: {name: picker}}
        """);
    plane.apply("/api/v1/namespaces/models/services", """
        apiVersion: v1
        kind: Service
        metadata: {name: picker, namespace: models}
        spec: {ports: [{name: grpc, port: 9002}]}
        """);
    plane.apply(POLICIES, """
        apiVersion: pointsman.dev/v1alpha1
        kind: InferencePolicy
        metadata: {name: copy, namespace: models}
        spec: {targetRefs: [{kind: HTTPRoute, name: chat}], mirrors: [{pool: {name: gone}}]}
        """);
  }

  @AfterEach
  void end() throws Exception {
    while (!running.isEmpty()) {
      running.pop().close();
    }
    for (String object : List.of(
        POOLS + "/qwen",
        ALPHA_POOLS + "/old",
        POLICIES + "/copy",
        ROUTE,
        GATEWAYS + "infra/gateways/edge")) {
      if (api.get(object).isPresent()) {
        plane.delete(object);
      }
    }
    if (api.get(lease()).isPresent()) {
      plane.delete(lease());
    }
  }

  static String lease() {
    return "/apis/coordination.k8s.io/v1/namespaces/pointsman/leases/" + StatusController.LEASE;
  }

  StatusController replica(String identity, boolean elect, Counts counts) {
    return replica(identity, elect, Optional.empty(), counts);
  }

  StatusController replica(
      String identity, boolean elect, Optional<String> requestNamespace, Counts counts) {
    KubernetesSource source = source();
    StatusController statuses = StatusController.of(
        new StatusController.Settings(
            Set.of(), "pointsman", elect, "pointsman", requestNamespace, identity),
        limited,
        source,
        source,
        counts);
    statuses.start();
    running.push(statuses);
    return statuses;
  }

  KubernetesSource source() {
    KubernetesSource source = new KubernetesSource(access, List.of(), () -> {});
    source.start(_ -> {});
    running.push(source);
    return source;
  }

  LeaderElection start(
      String identity, WriteApi over, LeaderElection.Timing timing, Counts counts) {
    LeaderElection election = new LeaderElection(
        over, "pointsman", StatusController.LEASE, identity, timing, counts, System::nanoTime);
    KubernetesSource source = source();
    StatusController statuses = new StatusController(
        new Observation(Set.of(), "pointsman", source, source),
        election,
        new StatusWriter(
            new OptimisticWrites(over, counts, Clock.systemUTC()),
            election,
            identity,
            System::nanoTime),
        Optional.empty(),
        () -> {});
    statuses.start();
    running.push(statuses);
    return election;
  }

  static List<String> said(String path, String list) {
    return api.get(path).orElseThrow().path("status").path(list).values().stream()
        .map(entry -> {
          StringBuilder said = new StringBuilder(entry.path("controllerName").asString(""));
          entry
              .path("conditions")
              .forEach(one -> said.append(' ')
                  .append(one.path("type").asString())
                  .append('=')
                  .append(one.path("reason").asString()));
          return said.toString();
        })
        .toList();
  }

  static List<JsonNode> events() {
    String uid =
        api.get(POOLS + "/qwen").orElseThrow().path("metadata").path("uid").asString();
    return api.get(EVENTS).orElseThrow().path("items").values().stream()
        .filter(event -> event.path("regarding").path("uid").asString("").equals(uid))
        .toList();
  }
}
