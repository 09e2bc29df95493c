package dev.pointsman.kube.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.model.CaCertificateRef;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Endpoint;
import dev.pointsman.model.PodIndex;
import dev.pointsman.model.PoolRef;
import dev.pointsman.rig.ControlPlane;
import dev.pointsman.rig.Eventually;
import dev.pointsman.rig.SelfSigned;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Against a real API server. Each test has a namespace of its own. */
class KubernetesSourceIT {
  private static final Duration SOON = Duration.ofSeconds(15);
  private static final String RBAC = "/apis/rbac.authorization.k8s.io/v1";
  private static final String SELF_SIGNED = "self-signed.p12";

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

  private static KubernetesSource source(String user, String... namespaces) throws Exception {
    ApiAccess access = ApiAccess.find(Optional.of(plane.kubeconfig(user)));
    KubernetesSource source = new KubernetesSource(access, List.of(namespaces), () -> {});
    source.start(_ -> {});
    return source;
  }

  private static void awaitSynced(KubernetesSource source) {
    Eventually.within(
        SOON, () -> assertThat(source.synced()).as("%s", source.state()).isTrue());
  }

  private static void namespace(String name) {
    plane.apply("/api/v1/namespaces", """
        {apiVersion: v1, kind: Namespace, metadata: {name: %s}}
        """.formatted(name));
  }

  private static PoolRef pool(String namespace, String name) {
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

  private static String pods(String namespace) {
    return "/api/v1/namespaces/" + namespace + "/pods";
  }

  private static void pod(String namespace, String name, String app, String... ips) {
    plane.apply(pods(namespace), """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, namespace: %s, labels: {app: %s}, finalizers: [pointsman.dev/test]}
        spec: {containers: [{name: server, image: none}]}
        """.formatted(name, namespace, app));
    status(namespace, name, true, ips);
  }

  private static void status(String namespace, String name, boolean ready, String... ips) {
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

  private static void assertEndpoints(KubernetesSource source, PoolRef pool, String... addresses) {
    List<Endpoint> expected =
        List.of(addresses).stream().map(address -> new Endpoint(address, 8000)).toList();
    Eventually.within(SOON, () -> assertThat(source.get().endpointsOf(pool)).contains(expected));
  }

  @Test
  void seesKindsComeAndGo() throws Exception {
    namespace("kinds");
    plane.createCrds("");
    plane.deleteCrds();
    try (KubernetesSource source = source(ControlPlane.ADMIN)) {
      awaitSynced(source);
      // The API server serves objects of a deleted kind for a moment.
      Eventually.within(SOON, () -> assertThat(source.get().pools()).isEmpty());
      Eventually.within(SOON, () -> assertThat(source.state().problems()).isEmpty());
      plane.createCrds("");
      PoolRef pool = pool("kinds", "here");
      pod("kinds", "here-0", "here", "10.1.0.1");
      assertEndpoints(source, pool, "10.1.0.1");
      plane.apply(
          "/apis/inference.networking.x-k8s.io/v1alpha2/namespaces/kinds/inferencepools", """
          apiVersion: inference.networking.x-k8s.io/v1alpha2
          kind: InferencePool
          metadata: {name: here, namespace: kinds}
          spec: {selector: {app: here}, targetPortNumber: 8000, extensionRef: {name: picker}}
          """);
      PoolRef alpha = new PoolRef(PoolRef.V1ALPHA2, "kinds", "here");
      assertEndpoints(source, alpha, "10.1.0.1");
      plane.apply("/apis/gateway.networking.k8s.io/v1beta1/namespaces/kinds/referencegrants", """
          apiVersion: gateway.networking.k8s.io/v1beta1
          kind: ReferenceGrant
          metadata: {name: some, namespace: kinds}
          spec:
            from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: other}]
            to: [{group: "", kind: Service}]
          """);
      Eventually.within(SOON, () -> assertThat(source.get().grants()).hasSize(1));
      plane.delete(ControlPlane.CRDS + "/inferencepools.inference.networking.k8s.io");
      Eventually.within(SOON, () -> assertThat(source.get().pools()).containsOnlyKeys(alpha));
      plane.createCrds("inference.networking.k8s.io_inferencepools");
      pool("kinds", "here");
      assertEndpoints(source, pool, "10.1.0.1");
    }
  }

  @Test
  void followsPods() throws Exception {
    plane.createCrds("");
    namespace("pods");
    namespace("elsewhere");
    pod("elsewhere", "not-ours-0", "not-ours", "10.2.9.1");
    PoolRef pool = pool("pods", "qwen");
    try (KubernetesSource source = source(ControlPlane.ADMIN)) {
      awaitSynced(source);
      assertEndpoints(source, pool);
      pod("pods", "qwen-0", "qwen", "10.2.0.1", "fd00::1");
      pod("pods", "qwen-1", "qwen", "fd00::2", "10.2.0.2");
      assertEndpoints(source, pool, "10.2.0.1", "fd00::2");
      status("pods", "qwen-0", false, "10.2.0.1");
      assertEndpoints(source, pool, "fd00::2");
      status("pods", "qwen-0", true, "10.2.0.1");
      assertEndpoints(source, pool, "10.2.0.1", "fd00::2");
      plane.deleteGracefully(pods("pods") + "/qwen-1"); // its finalizer keeps the object
      assertEndpoints(source, pool, "10.2.0.1");
      plane.merge(pods("pods") + "/qwen-0", "{\"metadata\": {\"labels\": {\"app\": \"other\"}}}");
      assertEndpoints(source, pool);
      plane.merge(pods("pods") + "/qwen-0", "{\"metadata\": {\"labels\": {\"app\": \"qwen\"}}}");
      assertEndpoints(source, pool, "10.2.0.1");
      plane.merge(pods("pods") + "/qwen-0", "{\"metadata\": {\"finalizers\": null}}");
      plane.delete(pods("pods") + "/qwen-0");
      assertEndpoints(source, pool);
      assertThat(source.get().endpointsOf(new PoolRef(PoolRef.V1, "elsewhere", "none")))
          .isEmpty();
      assertThat(source.get().pods().isSameIn("elsewhere", PodIndex.UNREAD)).isTrue();
      PoolRef late = pool("elsewhere", "not-ours"); // only now are the namespace's pods of interest
      assertEndpoints(source, late, "10.2.9.1");
    }
  }

  @Test
  void servesWhatItKnowsWhileTheApiServerIsAway() throws Exception {
    plane.createCrds("");
    namespace("outage");
    PoolRef pool = pool("outage", "qwen");
    pod("outage", "qwen-0", "qwen", "10.3.0.1");
    pod("outage", "qwen-1", "qwen", "10.3.0.2");
    try (KubernetesSource source = source(ControlPlane.ADMIN)) {
      awaitSynced(source);
      assertEndpoints(source, pool, "10.3.0.1", "10.3.0.2");
      assertThat(source.state().disconnectedSince()).isEmpty();
      plane.stopApiServer();
      Eventually.within(
          SOON, () -> assertThat(source.state().disconnectedSince()).isPresent());
      Optional<Instant> since = source.state().disconnectedSince();
      try (KubernetesSource started = source(ControlPlane.ADMIN)) { // waits, and does not give up
        Eventually.within(
            SOON, () -> assertThat(started.state().disconnectedSince()).isPresent());
        assertThat(started.synced()).isFalse();
        Eventually.throughout(Duration.ofSeconds(2), () -> {
          assertThat(source.get().endpointsOf(pool).orElseThrow()).hasSize(2);
          assertThat(source.synced()).isTrue();
          assertThat(source.state().disconnectedSince()).isEqualTo(since);
        });
        plane.startApiServerAgain();
        status("outage", "qwen-0", false, "10.3.0.1");
        assertEndpoints(source, pool, "10.3.0.2");
        assertThat(source.state().disconnectedSince()).isEmpty();
        awaitSynced(started);
        assertEndpoints(started, pool, "10.3.0.2");
      }
    }
  }

  private static void allow(String name, String rules) {
    plane.apply(RBAC + "/clusterroles", """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata: {name: %s}
        rules: [%s]
        """.formatted(name, rules));
    plane.apply(RBAC + "/clusterrolebindings", """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: %s}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: %s}
        subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: reader}]
        """.formatted(name, name));
  }

  private static final String ALL_BUT_SERVICES = """
      {apiGroups: [inference.networking.k8s.io, inference.networking.x-k8s.io, pointsman.dev,
                   gateway.networking.k8s.io, discovery.k8s.io],
       resources: [inferencepools, inferencemodels, inferencepolicies, httproutes, gateways,
                   referencegrants, endpointslices],
       verbs: [list, watch]},
      {apiGroups: [""], resources: [pods, configmaps], verbs: [list, watch]}
      """;

  @Test
  void saysWhichRuleIsMissingAndServesTheRest() throws Exception {
    plane.createCrds("");
    namespace("rights");
    PoolRef pool = pool("rights", "qwen");
    pod("rights", "qwen-0", "qwen", "10.4.0.1");
    allow("all-but-services", ALL_BUT_SERVICES);
    try (KubernetesSource source = source(ControlPlane.READER)) {
      awaitSynced(source);
      assertEndpoints(source, pool, "10.4.0.1");
      assertThat(source.state().problems())
          .singleElement()
          .asString()
          .contains("services: ")
          .contains("{apiGroups: [\"\"], resources: [\"services\"], verbs: [list, watch]}")
          .contains("ClusterRole");
      plane.apply("/api/v1/namespaces/rights/services", """
          apiVersion: v1
          kind: Service
          metadata: {name: picker, namespace: rights}
          spec: {ports: [{port: 9002}]}
          """);
      allow("services", "{apiGroups: [\"\"], resources: [services], verbs: [list, watch]}");
      Eventually.within(SOON, () -> {
        assertThat(source.get().services())
            .containsKey(new ClusterSnapshot.ObjectName("rights", "picker"));
        assertThat(source.state().problems()).isEmpty();
      });
    } finally {
      plane.delete(RBAC + "/clusterrolebindings/all-but-services");
    }
  }

  @Test
  void readsOnlyTheSecretsThatPoliciesName() throws Exception {
    plane.createCrds("");
    namespace("secrets");
    SelfSigned.make(folder.resolve(SELF_SIGNED));
    String pem = new String(
        Base64.getDecoder()
            .decode(YAMLMapper.shared()
                .readTree(SelfSigned.secret(folder.resolve(SELF_SIGNED)))
                .path("data")
                .path("tls.crt")
                .asString()),
        StandardCharsets.US_ASCII);
    for (String name : List.of("ca", "other")) {
      plane.apply("/api/v1/namespaces/secrets/secrets", """
          apiVersion: v1
          kind: Secret
          metadata: {name: %s, namespace: secrets}
          stringData: {ca.crt: %s}
          """.formatted(
              name, JsonMapper.shared().writeValueAsString(pem)));
    }
    plane.apply("/apis/pointsman.dev/v1alpha1/namespaces/secrets/inferencepolicies", """
        apiVersion: pointsman.dev/v1alpha1
        kind: InferencePolicy
        metadata: {name: verified, namespace: secrets}
        spec:
          targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: any}]
          endpointPicker: {tls: {mode: Verify, caCertificateRefs: [{kind: Secret, name: ca}]}}
        """);
    allow("named-secret-rest", ALL_BUT_SERVICES);
    allow(
        "named-secret",
        "{apiGroups: [\"\"], resources: [secrets], resourceNames: [ca], verbs: [list, watch]}");
    CaCertificateRef ref = new CaCertificateRef("Secret", "ca");
    try (KubernetesSource source = source(ControlPlane.READER)) {
      awaitSynced(source);
      assertThat(source.get().caCertificate("secrets", ref)).contains(pem);
      assertThat(source.get().caCertificates().get("secrets")).hasSize(1);
      plane.delete("/apis/pointsman.dev/v1alpha1/namespaces/secrets/inferencepolicies/verified");
      Eventually.within(
          SOON, () -> assertThat(source.get().caCertificate("secrets", ref)).isEmpty());
    }
  }

  @Test
  void needsOnlyRolesWhenItsNamespacesAreNamed() throws Exception {
    plane.createCrds("");
    namespace("mine");
    namespace("theirs");
    PoolRef mine = pool("mine", "qwen");
    PoolRef theirs = pool("theirs", "qwen");
    pod("mine", "qwen-0", "qwen", "10.5.0.1");
    plane.apply(RBAC + "/namespaces/mine/roles", """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: here, namespace: mine}
        rules: [{apiGroups: ["*"], resources: ["*"], verbs: [list, watch]}]
        """);
    plane.apply(RBAC + "/namespaces/mine/rolebindings", """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: here, namespace: mine}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: here}
        subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: reader}]
        """);
    try (KubernetesSource source = source(ControlPlane.READER, "mine")) {
      awaitSynced(source);
      assertEndpoints(source, mine, "10.5.0.1");
      assertThat(source.get().pools()).doesNotContainKey(theirs);
      assertThat(source.state().problems()).isEmpty();
    }
  }

  @Test
  void givesWholeObjectsWithoutWhatNobodyReads() throws Exception {
    plane.createCrds("");
    namespace("whole");
    try (KubernetesSource source = source(ControlPlane.ADMIN)) {
      awaitSynced(source);
      AtomicInteger calls = new AtomicInteger();
      source.onChange(calls::incrementAndGet);
      pool("whole", "qwen");
      plane.merge(
          "/apis/inference.networking.k8s.io/v1/namespaces/whole/inferencepools/qwen/status", """
          {"status": {"parents": [{"parentRef": {"name": "gateway"}, "controllerName": "example.com/x"}]}}
          """);
      Eventually.within(SOON, () -> {
        List<JsonNode> pools = source.all(Kind.POOL).stream()
            .filter(one -> one.path("metadata").path("namespace").asString().equals("whole"))
            .toList();
        assertThat(pools).hasSize(1);
        JsonNode pool = pools.getFirst();
        assertThat(pool.path("kind").asString()).isEqualTo("InferencePool");
        assertThat(pool.path("status").path("parents")).hasSize(1);
        assertThat(pool.path("metadata").path("uid").asString()).isNotEmpty();
        assertThat(pool.path("metadata").has("managedFields")).isFalse();
        assertThat(calls).hasPositiveValue();
      });
    }
  }
}
