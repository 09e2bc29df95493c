package dev.pointsman.kube.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.kube.api.ApiAccess;
import dev.pointsman.kube.api.KubernetesSource;
import dev.pointsman.rig.ControlPlane;
import dev.pointsman.rig.Eventually;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Against a real API server with the real CustomResourceDefinitions. */
class StatusesIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String GATEWAYS = "/apis/gateway.networking.k8s.io/v1/namespaces/";
  private static final String POOLS =
      "/apis/inference.networking.k8s.io/v1/namespaces/models/inferencepools";
  private static final String ALPHA_POOLS =
      "/apis/inference.networking.x-k8s.io/v1alpha2/namespaces/models/inferencepools";
  private static final String POLICIES =
      "/apis/pointsman.dev/v1alpha1/namespaces/models/inferencepolicies";
  private static final String EVENTS = "/apis/events.k8s.io/v1/namespaces/models/events";
  private static final String ROUTE = GATEWAYS + "models/httproutes/chat";
  private static final String OURS = "pointsman.dev/inference";

  @TempDir
  static Path folder;

  static ControlPlane plane;
  static ApiAccess access;
  /** With no more rights than writing takes. */
  static ApiAccess limited;

  static RawWriteApi api;

  private final Deque<AutoCloseable> running = new ArrayDeque<>();

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
    allowWhatIsNeeded();
    limited = ApiAccess.find(Optional.of(plane.kubeconfig(ControlPlane.READER)));
    api = new RawWriteApi(access.config());
  }

  private static void allowWhatIsNeeded() {
    String rbac = "/apis/rbac.authorization.k8s.io/v1/";
    plane.apply(rbac + "clusterroles", """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: pointsman}
        rules:
        - {apiGroups: [""], resources: [services], verbs: [get, list, watch]}
        - apiGroups: [gateway.networking.k8s.io]
          resources: [gateways, httproutes, referencegrants]
          verbs: [get, list, watch]
        - apiGroups: [inference.networking.k8s.io, inference.networking.x-k8s.io, pointsman.dev]
          resources: [inferencepools, inferencepolicies]
          verbs: [get, list, watch]
        """);
    plane.apply(rbac + "clusterroles", """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: pointsman-status}
        rules:
        - apiGroups: [inference.networking.k8s.io, inference.networking.x-k8s.io]
          resources: [inferencepools/status]
          verbs: [update]
        - {apiGroups: [pointsman.dev], resources: [inferencepolicies/status], verbs: [update]}
        - {apiGroups: [events.k8s.io], resources: [events], verbs: [create]}
        """);
    for (String role : List.of("pointsman", "pointsman-status")) {
      plane.apply(rbac + "clusterrolebindings", """
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRoleBinding
          metadata: {name: %s}
          roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: %s}
          subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: reader}]
          """.formatted(role, role));
    }
    plane.apply(rbac + "namespaces/pointsman/roles", """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: pointsman-leases, namespace: pointsman}
        rules:
        - {apiGroups: [coordination.k8s.io], resources: [leases], verbs: [create]}
        - apiGroups: [coordination.k8s.io]
          resources: [leases]
          resourceNames: [%s]
          verbs: [get, update]
        - {apiGroups: [pointsman.dev], resources: [inferencepolicies], verbs: [create]}
        - apiGroups: [pointsman.dev]
          resources: [inferencepolicies]
          resourceNames: [%s]
          verbs: [delete]
        """.formatted(
            StatusController.LEASE, TranslationRequester.NAME));
    plane.apply(rbac + "namespaces/pointsman/rolebindings", """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: pointsman-leases, namespace: pointsman}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: pointsman-leases}
        subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: reader}]
        """);
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

  private static String lease() {
    return "/apis/coordination.k8s.io/v1/namespaces/pointsman/leases/" + StatusController.LEASE;
  }

  private StatusController replica(String identity, boolean elect, Counts counts) {
    return replica(identity, elect, Optional.empty(), counts);
  }

  private StatusController replica(
      String identity, boolean elect, Optional<String> requestNamespace, Counts counts) {
    KubernetesSource source = source();
    StatusController statuses = StatusController.of(
        new StatusController.Settings(Set.of(), elect, "pointsman", requestNamespace, identity),
        limited,
        source,
        source,
        counts);
    statuses.start();
    running.push(statuses);
    return statuses;
  }

  private KubernetesSource source() {
    KubernetesSource source = new KubernetesSource(access, List.of(), () -> {});
    source.start(_ -> {});
    running.push(source);
    return source;
  }

  @Test
  void whatIsWrittenPassesTheRealSchemasAndIsWrittenOnce() throws Exception {
    Counts counts = new Counts();
    replica("only", false, counts);
    Eventually.within(SOON, () -> {
      assertThat(said(POOLS + "/qwen", "parents"))
          .containsExactly(OURS + " Accepted=Accepted ResolvedRefs=InvalidExtensionRef");
      assertThat(said(ALPHA_POOLS + "/old", "parent"))
          .containsExactly(" Accepted=Accepted ResolvedRefs=ResolvedRefs"
              + " pointsman.dev/Controller=WrittenByPointsman");
      assertThat(said(POLICIES + "/copy", "ancestors"))
          .containsExactly(OURS + " Accepted=Accepted ResolvedRefs=BackendNotFound");
      assertThat(events()).singleElement().asString().contains("nowhere");
    });
    for (int i = 0; i < 4; i++) {
      plane.merge(ROUTE, "{\"metadata\": {\"annotations\": {\"touched\": \"" + i + "\"}}}");
      Thread.sleep(700);
    }
    assertThat(counts.statuses).as("writes, with nothing new to say").hasValue(3);
    assertThat(counts.events).hasValue(1);

    plane.delete(ROUTE);
    Eventually.within(SOON, () -> {
      assertThat(said(POOLS + "/qwen", "parents")).isEmpty();
      assertThat(said(ALPHA_POOLS + "/old", "parent")).containsExactly(" Accepted=Pending");
      assertThat(said(POLICIES + "/copy", "ancestors"))
          .containsExactly(OURS + " Accepted=TargetNotFound");
    });
  }

  @Test
  void entriesOfAConcurrentWriterAreNeverLost() throws Exception {
    replica("only", false, new Counts());
    int others = 12;
    for (int i = 0; i < others; i++) {
      plane.merge(
          POOLS + "/qwen", "{\"spec\": {\"targetPorts\": [{\"number\": " + (9000 + i) + "}]}}");
      addForeign("other-" + i);
      Thread.sleep(60); // we are writing meanwhile
    }
    Eventually.within(SOON, () -> {
      JsonNode pool = api.get(POOLS + "/qwen").orElseThrow();
      assertThat(said(POOLS + "/qwen", "parents"))
          .hasSize(others + 1)
          .contains(OURS + " Accepted=Accepted ResolvedRefs=InvalidExtensionRef");
      assertThat(names(pool))
          .containsAll(IntStream.range(0, others).mapToObj(i -> "other-" + i).toList());
      assertThat(pool.path("status").path("parents").values())
          .filteredOn(one -> one.path("controllerName").asString("").equals(OURS))
          .allSatisfy(one -> assertThat(one.path("conditions").path(0).path("observedGeneration"))
              .isEqualTo(pool.path("metadata").path("generation")));
    });
  }

  /** As a good controller does it: read, change, write back what has not changed meanwhile. */
  private void addForeign(String gateway) {
    WriteApi.Written written = new WriteApi.Written.Conflict();
    while (!(written instanceof WriteApi.Written.Done)) {
      ObjectNode pool = (ObjectNode) api.get(POOLS + "/qwen").orElseThrow();
      pool.withObject("status")
          .withArray("parents")
          .addObject()
          .put("controllerName", "example.com/other")
          .putObject("parentRef")
          .put("name", gateway);
      written = api.replace(POOLS + "/qwen/status", pool);
    }
  }

  @Test
  void ofTwoReplicasOneWritesAndTheOtherTakesOverAtOnceWhenItStops() throws Exception {
    Counts first = new Counts();
    Counts second = new Counts();
    StatusController leader = replica("first", true, first);
    Eventually.within(SOON, () -> assertThat(first.statuses).hasValue(3));
    replica("second", true, second);
    plane.merge(POOLS + "/qwen", "{\"spec\": {\"targetPorts\": [{\"number\": 8001}]}}");
    Eventually.within(SOON, () -> assertThat(first.statuses).hasValue(4));
    Thread.sleep(3000); // the other looks at the Lease meanwhile
    assertThat(second.statuses).hasValue(0);

    long stopped = System.nanoTime();
    leader.close();
    plane.delete("/api/v1/namespaces/models/services/picker"); // concerns the old pool only
    Eventually.within(SOON, () -> assertThat(second.statuses).hasValue(1));
    assertThat(Duration.ofNanos(System.nanoTime() - stopped)).isLessThan(Duration.ofSeconds(10));
    assertThat(first.statuses).hasValue(4);
    assertThat(events())
        .as("one for each of two generations, and not said again by the next leader")
        .extracting(event -> event.path("reportingInstance").asString())
        .containsExactly("first", "first");
  }

  @Test
  void aLeaderThatIsCutOffStopsBeforeAnotherTakesOver() throws Exception {
    LeaderElection.Timing timing = new LeaderElection.Timing(
        Duration.ofSeconds(6), Duration.ofSeconds(3), Duration.ofSeconds(1));
    Cable cable = new Cable(api);
    Counts first = new Counts();
    LeaderElection leader = start("first", cable, timing, first);
    Eventually.within(SOON, () -> assertThat(first.statuses).hasValue(3));
    Counts second = new Counts();
    LeaderElection other = start("second", api, timing, second);
    cable.cut = true;
    plane.merge(POOLS + "/qwen", "{\"spec\": {\"targetPorts\": [{\"number\": 8001}]}}");
    while (!other.holds()) {
      boolean held = leader.holds();
      assertThat(held && other.holds()).as("two lead").isFalse();
      Thread.sleep(20);
    }
    assertThat(leader.holds()).isFalse();
    Eventually.within(SOON, () -> assertThat(second.statuses).hasValue(1));
    cable.cut = false;
    Thread.sleep(2500);
    assertThat(leader.holds()).isFalse();
    assertThat(first.statuses).hasValue(3);
  }

  @Test
  void aReplicaThatStartsWakesEnvoyGatewayAndLeavesNothingBehind() throws Exception {
    Counts first = new Counts();
    replica("first", true, first);
    Eventually.within(SOON, () -> assertThat(first.statuses).hasValue(3));
    List<String> before = said(POOLS + "/qwen", "parents");
    String version = version(POOLS + "/qwen");

    Counts second = new Counts();
    replica("second", true, Optional.of("pointsman"), second);
    String policy = "/apis/pointsman.dev/v1alpha1/namespaces/pointsman/inferencepolicies/"
        + TranslationRequester.NAME;
    Eventually.within(SOON, () -> assertThat(api.get(policy)).isPresent());
    assertThat(version(POOLS + "/qwen")).as("changed before that").isNotEqualTo(version);
    Eventually.within(SOON, () -> assertThat(api.get(policy)).isEmpty());
    Eventually.within(SOON, () -> assertThat(said(POOLS + "/qwen", "parents")).isEqualTo(before));
  }

  private static String version(String path) {
    return api.get(path).orElseThrow().at("/metadata/resourceVersion").asString();
  }

  private LeaderElection start(
      String identity, WriteApi over, LeaderElection.Timing timing, Counts counts) {
    LeaderElection election = new LeaderElection(
        over, "pointsman", StatusController.LEASE, identity, timing, counts, System::nanoTime);
    KubernetesSource source = source();
    StatusController statuses = new StatusController(
        new Observation(Set.of(), source, source),
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

  /** A connection that can be cut. */
  private static final class Cable implements WriteApi {
    private final WriteApi api;
    volatile boolean cut;

    Cable(WriteApi api) {
      this.api = api;
    }

    private WriteApi api() {
      if (cut) {
        throw new WriteFailure(0, "cut", new IllegalStateException());
      }
      return api;
    }

    @Override
    public Optional<JsonNode> get(String path) {
      return api().get(path);
    }

    @Override
    public Written create(String path, JsonNode object) {
      return api().create(path, object);
    }

    @Override
    public Written replace(String path, JsonNode object) {
      return api().replace(path, object);
    }

    @Override
    public Written delete(String path) {
      return api().delete(path);
    }
  }

  private static List<String> said(String path, String list) {
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

  private static List<String> names(JsonNode pool) {
    return pool.path("status").path("parents").values().stream()
        .map(entry -> entry.path("parentRef").path("name").asString())
        .toList();
  }

  private static List<JsonNode> events() {
    String uid =
        api.get(POOLS + "/qwen").orElseThrow().path("metadata").path("uid").asString();
    return api.get(EVENTS).orElseThrow().path("items").values().stream()
        .filter(event -> event.path("regarding").path("uid").asString("").equals(uid))
        .toList();
  }
}
