package dev.pointsman.kube.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.model.CertificateRef;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.HttpRouteRules.BackendRef;
import dev.pointsman.model.HttpRouteRules.Rule;
import dev.pointsman.model.PoolRef;
import dev.pointsman.model.ReferenceGrant;
import dev.pointsman.rig.Authority;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** HTTPRoutes, ReferenceGrants and certificates, which policies need. */
class PolicyResourcesTest extends ManifestFixture {
  @Test
  void theWeightsOfAnHttpRoutesRules() throws Exception {
    ClusterSnapshot snapshot = sound("""
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: llm, namespace: ml}
        spec:
          rules:
          - name: chat
            backendRefs:
            - {group: inference.networking.k8s.io, kind: InferencePool, name: qwen, weight: 90}
            - {group: inference.networking.x-k8s.io, kind: InferencePool, namespace: canary, name: next, weight: 0}
            - {name: openai, port: 80}
          - filters: [{type: RequestRedirect, requestRedirect: {hostname: a.example}}]
        """);
    assertThat(snapshot.route("ml", "llm").orElseThrow().rules())
        .containsExactly(
            new Rule(
                "chat",
                List.of(
                    new BackendRef(PoolRef.V1, "InferencePool", "ml", "qwen", 90),
                    new BackendRef(PoolRef.V1ALPHA2, "InferencePool", "canary", "next", 0),
                    new BackendRef("", "Service", "ml", "openai", 1))),
            new Rule("", List.of()));
    assertThat(snapshot.route("default", "llm")).isEmpty();
  }

  @Test
  void anInvalidWeightKeepsTheBackendsPlaceAndIsReported() throws Exception {
    assertThat(said("""
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: llm}
        spec: {rules: [{backendRefs: [{name: a, weight: 1000001}, {name: b, weight: 2}]}]}
        """))
        .containsExactly("objects.yaml: HTTPRoute default/llm spec.rules[0].backendRefs[0].weight:"
            + " is 1000001: use a whole number from 0 to 1000000 (PM0015 InvalidObject)");
  }

  @Test
  void referenceGrantsPermitWhatTheySayAndNothingElse() throws Exception {
    ClusterSnapshot snapshot = sound("""
        apiVersion: gateway.networking.k8s.io/v1beta1
        kind: ReferenceGrant
        metadata: {name: g, namespace: models}
        spec:
          from: [{group: pointsman.dev, kind: InferencePolicy, namespace: ml}]
          to: [{group: inference.networking.k8s.io, kind: InferencePool}, {group: "", kind: Service, name: one}]
        """);
    var policy = new ReferenceGrant.From("pointsman.dev", "InferencePolicy", "ml");
    var stranger = new ReferenceGrant.From("pointsman.dev", "InferencePolicy", "other");
    assertThat(snapshot.permits(policy, "models", PoolRef.V1, "InferencePool", "any"))
        .isTrue();
    assertThat(snapshot.permits(policy, "models", "", "Service", "one")).isTrue();
    assertThat(snapshot.permits(policy, "models", "", "Service", "two")).isFalse();
    assertThat(snapshot.permits(policy, "elsewhere", "", "Service", "one")).isFalse();
    assertThat(snapshot.permits(stranger, "models", "", "Service", "one")).isFalse();
    assertThat(snapshot.permits(policy, "ml", "", "Service", "own")).isTrue();
  }

  @Test
  void certificatesFromConfigMapsAndSecrets() throws Exception {
    String pem = Authority.selfSigned().certificate();
    ClusterSnapshot snapshot =
        sound("""
        {apiVersion: v1, kind: ConfigMap, metadata: {name: ca, namespace: ml}, data: {ca.crt: %s}}
        ---
        {apiVersion: v1, kind: Secret, metadata: {name: ca, namespace: ml}, data: {ca.crt: %s}}
        ---
        {apiVersion: v1, kind: Secret, metadata: {name: other, namespace: ml}, data: {password: c2VjcmV0}}
        """.formatted(quoted(pem), Base64.getEncoder().encodeToString(pem.getBytes())));
    assertThat(snapshot.caCertificate("ml", new CertificateRef("ConfigMap", "ca")))
        .contains(pem);
    assertThat(snapshot.caCertificate("ml", new CertificateRef("Secret", "ca"))).contains(pem);
    assertThat(snapshot.caCertificate("ml", new CertificateRef("Secret", "other")))
        .isEmpty();
    assertThat(snapshot.caCertificate("default", new CertificateRef("Secret", "ca")))
        .isEmpty();
    assertThat(snapshot.toString()).doesNotContain("c2VjcmV0");
  }

  @Test
  void anInvalidCertificateIsReportedWithoutItsContent() throws Exception {
    assertThat(said("""
        {apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {ca.crt: hello-42}}
        ---
        {apiVersion: v1, kind: Secret, metadata: {name: b}, data: {ca.crt: aGVsbG8tNDI=}}
        ---
        {apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {ca.crt: %s}}
        """.formatted(
                quoted("-----BEGIN CERTIFICATE-----\naGVsbG8tNDI=\n-----END CERTIFICATE-----\n"))))
        .hasSize(3)
        .allMatch(line -> line.contains("a certificate in PEM") || line.contains("no certificate"))
        .noneMatch(line -> line.contains("hello-42") || line.contains("aGVsbG8tNDI="));
  }

  private static String quoted(String text) {
    return '"' + text.replace("\n", "\\n") + '"';
  }
}
