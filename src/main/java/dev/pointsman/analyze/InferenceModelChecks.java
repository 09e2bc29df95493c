package dev.pointsman.analyze;

import dev.pointsman.kube.Manifest;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.InferencePolicy;
import dev.pointsman.model.PoolRef;
import tools.jackson.databind.JsonNode;

/** InferenceModels and InferenceObjectives: leftovers of v1alpha2, and pools that they name. */
final class InferenceModelChecks implements Check {
  @Override
  public void check(Manifests manifests, Report report) {
    boolean used = manifests.objects().policies().keySet().stream()
        .anyMatch(InferencePolicy::modelsFromInferenceModels);
    manifests.of(GatewayApi.INFERENCE_MODEL).forEach(model -> {
      JsonNode spec = model.node().path("spec");
      pool(manifests, report, model, PoolRef.V1ALPHA2, Reason.InferenceModelWithoutPool);
      if (!used
          && (manifests.known().has(GatewayApi.POLICY) || !manifests.rules().isEmpty())) {
        report.add(
            model,
            Reason.UnusedInferenceModel,
            "kind",
            "is InferenceModel, which no InferencePolicy uses (modelsFrom)",
            "Requests for " + spec.path("modelName").asString("the model")
                + " find no route by this object",
            "Match the model in an HTTPRoute, or set modelsFrom: InferenceModel in an InferencePolicy on the pool's"
                + " rule");
      }
      if (!spec.path("targetModels").isEmpty()) {
        report.add(
            model,
            Reason.InferenceModelFieldIgnored,
            "spec.targetModels",
            "is read by pickers up to the Inference Extension 0.3 alone",
            "Requests keep the client's model name; no share goes to another model",
            "Use models[].backends with weights in an InferencePolicy, or InferenceModelRewrite");
      }
    });
    manifests
        .of(GatewayApi.INFERENCE_OBJECTIVE)
        .forEach(objective ->
            pool(manifests, report, objective, PoolRef.V1, Reason.ObjectiveWithoutPool));
  }

  private static void pool(
      Manifests manifests, Report report, Manifest manifest, String group, Reason reason) {
    JsonNode ref = manifest.node().path("spec").path("poolRef");
    String kind = GatewayApi.pool(ref.path("group").asString(group));
    String name = ref.path("name").asString("");
    String namespace = manifest.object().namespace();
    if (!name.isEmpty()
        && manifests.find(kind, namespace, name).isEmpty()
        && (manifests.knows(GatewayApi.POOL, namespace)
            || manifests.knows(GatewayApi.ALPHA_POOL, namespace))) {
      report.add(
          manifest,
          reason,
          "spec.poolRef",
          "names InferencePool " + namespace + "/" + name + " of "
              + kind.substring(kind.indexOf('.') + 1) + ", which does not exist",
          "The object has no effect",
          "Name an existing pool, with its group");
    }
  }
}
