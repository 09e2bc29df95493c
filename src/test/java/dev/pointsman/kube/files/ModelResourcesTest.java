package dev.pointsman.kube.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.model.AdapterMap;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.InferenceModel;
import dev.pointsman.model.InferenceModel.TargetModel;
import dev.pointsman.model.PoolRef;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Names of models from InferenceModels and from ConfigMaps of adapters. */
class ModelResourcesTest extends ManifestFixture {
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
  void mistakesInAnInferenceModelAreReported() throws Exception {
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
  void mistakesInAdaptersAreReported() throws Exception {
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
}
