package dev.pointsman.kube.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.model.CertificateRef;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.PoolRef;
import dev.pointsman.rig.Authority;
import dev.pointsman.rig.ControlPlane;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The objects that each set of RBAC rules lets the source read, on a real API server. */
class SourcePermissionsIT extends RealApiServer {
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
      await().atMost(SOON).untilAsserted(() -> {
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
    String pem = Authority.selfSigned().certificate();
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
    CertificateRef ref = new CertificateRef("Secret", "ca");
    try (KubernetesSource source = source(ControlPlane.READER)) {
      awaitSynced(source);
      assertThat(source.get().caCertificate("secrets", ref)).contains(pem);
      assertThat(source.get().certificates().get("secrets")).hasSize(1);
      plane.delete("/apis/pointsman.dev/v1alpha1/namespaces/secrets/inferencepolicies/verified");
      await()
          .atMost(SOON)
          .untilAsserted(
              () -> assertThat(source.get().caCertificate("secrets", ref)).isEmpty());
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
}
