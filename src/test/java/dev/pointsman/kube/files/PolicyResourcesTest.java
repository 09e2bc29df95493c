package dev.pointsman.kube.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.model.AdapterMap;
import dev.pointsman.model.CaCertificateRef;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.HttpRouteRules.BackendRef;
import dev.pointsman.model.HttpRouteRules.Rule;
import dev.pointsman.model.InferenceModel;
import dev.pointsman.model.InferenceModel.TargetModel;
import dev.pointsman.model.PoolRef;
import dev.pointsman.model.ReferenceGrant;
import dev.pointsman.rig.SelfSigned;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What an InferencePolicy needs to know of other objects, read from files. */
class PolicyResourcesTest {
  @TempDir
  private Path folder;

  private ResourceFiles.Reading read(String objects) throws Exception {
    Files.writeString(folder.resolve("objects.yaml"), objects);
    return ResourceFiles.read(folder);
  }

  private ClusterSnapshot sound(String objects) throws Exception {
    ResourceFiles.Reading reading = read(objects);
    assertThat(reading.problems()).isEmpty();
    return reading.snapshot();
  }

  private List<String> said(String objects) throws Exception {
    return read(objects).problems().stream().map(FileProblem::toString).toList();
  }

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
  void aWeightThatIsNoneKeepsTheBackendsPlaceAndIsSaid() throws Exception {
    assertThat(said("""
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: llm}
        spec: {rules: [{backendRefs: [{name: a, weight: 1000001}, {name: b, weight: 2}]}]}
        """))
        .containsExactly("objects.yaml: HTTPRoute default/llm spec.rules[0].backendRefs[0].weight:"
            + " is 1000001: use a whole number from 0 to 1000000 (InvalidObject)");
  }

  @Test
  void inferenceModelsTheOldestFirst() throws Exception {
    ClusterSnapshot snapshot = sound("""
        apiVersion: inference.networking.x-k8s.io/v1alpha2
        kind: InferenceModel
        metadata: {name: b, creationTimestamp: "2026-02-01T00:00:00Z"}
        spec: {modelName: qwen, poolRef: {name: qwen-pool}}
        ---
        apiVersion: inference.networking.x-k8s.io/v1alpha2
        kind: InferenceModel
        metadata: {name: c, creationTimestamp: "2026-01-01T00:00:00Z"}
        spec:
          modelName: qwen
          criticality: Critical
          poolRef: {group: inference.networking.k8s.io, kind: InferencePool, name: v1-pool}
          targetModels: [{name: qwen-a, weight: 70}, {name: qwen-b, weight: 30}]
        """);
    assertThat(snapshot.models())
        .containsExactly(
            new InferenceModel(
                "default",
                "c",
                "2026-01-01T00:00:00Z",
                "qwen",
                "Critical",
                new PoolRef(PoolRef.V1, "default", "v1-pool"),
                List.of(new TargetModel("qwen-a", 70), new TargetModel("qwen-b", 30))),
            new InferenceModel(
                "default",
                "b",
                "2026-02-01T00:00:00Z",
                "qwen",
                "",
                new PoolRef(PoolRef.V1ALPHA2, "default", "qwen-pool"),
                List.of()));
  }

  @Test
  void whatIsWrongWithAnInferenceModel() throws Exception {
    assertThat(said("""
        {apiVersion: inference.networking.x-k8s.io/v1alpha2, kind: InferenceModel, metadata: {name: a},
         spec: {poolRef: {name: p}}}
        ---
        {apiVersion: inference.networking.x-k8s.io/v1alpha2, kind: InferenceModel, metadata: {name: b},
         spec: {modelName: m}}
        ---
        {apiVersion: inference.networking.x-k8s.io/v1alpha2, kind: InferenceModel, metadata: {name: c},
         spec: {modelName: m, poolRef: {kind: Service, name: p}}}
        ---
        {apiVersion: inference.networking.x-k8s.io/v1alpha2, kind: InferenceModel, metadata: {name: d},
         spec: {modelName: m, poolRef: {name: p}, criticality: Dire, targetModels: [{weight: 1}]}}
        """))
        .satisfiesExactly(
            line -> assertThat(line).contains("default/a spec.modelName: is missing"),
            line -> assertThat(line).contains("default/b spec.poolRef.name: is missing"),
            line ->
                assertThat(line).contains("default/c spec.poolRef.kind: is not an InferencePool"),
            line -> assertThat(line).contains("default/d spec.criticality: is \"Dire\""),
            line -> assertThat(line).contains("default/d spec.targetModels[0]: has no name"));
  }

  @Test
  void adaptersFromTheConfigMapsOfBodyBasedRouting() throws Exception {
    ClusterSnapshot snapshot = sound("""
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: qwen-adapters
          labels: {inference.networking.k8s.io/bbr-managed: "true"}
        data:
          baseModel: Qwen/Qwen3-8B
          adapters: |
            - food-review-1
            - "sql-2"
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: base-only, labels: {inference.networking.k8s.io/bbr-managed: "true"}}
        data: {baseModel: llama}
        ---
        {apiVersion: v1, kind: ConfigMap, metadata: {name: someone-elses}, data: {baseModel: "no"}}
        """);
    assertThat(snapshot.adapters())
        .containsExactly(
            new AdapterMap("default", "base-only", "llama", List.of()),
            new AdapterMap(
                "default", "qwen-adapters", "Qwen/Qwen3-8B", List.of("food-review-1", "sql-2")));
  }

  @Test
  void whatIsWrongWithAdapters() throws Exception {
    String configMap = """
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: %s, labels: {inference.networking.k8s.io/bbr-managed: "true"}}
        data: %s
        """;
    assertThat(said(configMap.formatted("a", "{adapters: '- x'}")
            + configMap.formatted("b", "{baseModel: m, adapters: 'just text'}")
            + configMap.formatted("c", "{baseModel: m, adapters: '- {x: y}'}")
            + configMap.formatted("d", "{baseModel: m, adapters: '[oops'}")))
        .satisfiesExactly(
            line -> assertThat(line).contains("default/a data.baseModel: is missing"),
            line -> assertThat(line).contains("default/b data.adapters: is not a YAML list"),
            line ->
                assertThat(line).contains("default/c data.adapters[0]: is not a string: left out"),
            line -> assertThat(line).contains("default/d data.adapters: is not a YAML list"));
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
    Path store = folder.resolve("ca.p12");
    SelfSigned.make(store);
    String pem = certificate(SelfSigned.secret(store));
    ClusterSnapshot snapshot =
        sound("""
        {apiVersion: v1, kind: ConfigMap, metadata: {name: ca, namespace: ml}, data: {ca.crt: %s}}
        ---
        {apiVersion: v1, kind: Secret, metadata: {name: ca, namespace: ml}, data: {ca.crt: %s}}
        ---
        {apiVersion: v1, kind: Secret, metadata: {name: other, namespace: ml}, data: {password: c2VjcmV0}}
        """.formatted(quoted(pem), Base64.getEncoder().encodeToString(pem.getBytes())));
    assertThat(snapshot.caCertificate("ml", new CaCertificateRef("ConfigMap", "ca")))
        .contains(pem);
    assertThat(snapshot.caCertificate("ml", new CaCertificateRef("Secret", "ca")))
        .contains(pem);
    assertThat(snapshot.caCertificate("ml", new CaCertificateRef("Secret", "other")))
        .isEmpty();
    assertThat(snapshot.caCertificate("default", new CaCertificateRef("Secret", "ca")))
        .isEmpty();
    assertThat(snapshot.toString()).doesNotContain("c2VjcmV0");
  }

  @Test
  void aCertificateThatIsNoneIsSaidWithoutItsContent() throws Exception {
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

  private static String certificate(String secret) {
    String data = new YAMLMapper().readTree(secret).at("/data/tls.crt").asString();
    return new String(Base64.getDecoder().decode(data));
  }
}
