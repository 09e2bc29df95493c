package dev.pointsman.analyze;

import dev.pointsman.kube.Manifest;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.InferencePolicy;
import dev.pointsman.model.PoolRef;
import java.util.HashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** InferenceModels and InferenceObjectives: leftovers of v1alpha2, and pools that they name. */
final class InferenceModelChecks implements Check {
  @Override
  public void check(Manifests manifests, FindingCollector report) {
    boolean used = manifests.objects().policies().keySet().stream()
        .anyMatch(InferencePolicy::modelsFromInferenceModels);
    Set<String> routed = routed(manifests);
    manifests.of(GatewayApi.INFERENCE_MODEL).forEach(model -> {
      JsonNode spec = model.node().path("spec");
      String name = spec.path("modelName").asString("");
      pool(manifests, report, model, PoolRef.V1ALPHA2, Reason.InferenceModelWithoutPool);
      boolean known = manifests.knows(GatewayApi.HTTP_ROUTE, model.object().namespace())
          && manifests.areRead(GatewayApi.HTTP_ROUTE, GatewayApi.POLICY);
      if (!used && known && !routed.contains(name)) {
        report.add(
            model,
            Reason.UnusedInferenceModel,
            "spec.modelName",
            "is " + name + ", which no HTTPRoute and no InferencePolicy (modelsFrom) routes",
            "Requests for the model find no route by this object",
            "Match the model in an HTTPRoute, or set modelsFrom: InferenceModel in an InferencePolicy on the pool's"
                + " rule");
      }
      boolean changes = spec.path("targetModels").values().stream()
          .anyMatch(target -> !target.path("name").asString("").equals(name));
      if (changes) {
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

  /** The models that routes match by name, or policies name. */
  private static Set<String> routed(Manifests manifests) {
    Set<String> names = new HashSet<>();
    manifests.rules().stream()
        .flatMap(rule -> rule.matches().values().stream())
        .flatMap(match -> match.path("headers").values().stream())
        .forEach(header -> names.add(header.path("value").asString("")));
    manifests.objects().policies().keySet().stream()
        .flatMap(policy -> policy.models().stream())
        .forEach(model -> {
          names.add(model.name());
          names.addAll(model.aliases());
        });
    return names;
  }

  private static void pool(
      Manifests manifests,
      FindingCollector report,
      Manifest manifest,
      String group,
      Reason reason) {
    JsonNode ref = manifest.node().path("spec").path("poolRef");
    String kind = GatewayApi.pool(ref.path("group").asString(group));
    String name = ref.path("name").asString("");
    String namespace = manifest.object().namespace();
    if (!name.isEmpty()
        && manifests.find(kind, namespace, name).isEmpty()
        && manifests.knowsPools(namespace)) {
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
