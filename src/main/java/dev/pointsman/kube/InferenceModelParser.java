package dev.pointsman.kube;

import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.InferenceModel;
import dev.pointsman.model.InferenceModel.TargetModel;
import dev.pointsman.model.Parsed;
import dev.pointsman.model.PoolRef;
import dev.pointsman.model.UserStrings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads an InferenceModel ({@code inference.networking.x-k8s.io/v1alpha2}). */
public final class InferenceModelParser {
  private static final Set<String> CRITICALITIES = Set.of("", "Critical", "Standard", "Sheddable");

  private InferenceModelParser() {}

  /**
   * Reads an InferenceModel.
   *
   * @param object the whole object, as the API server or a YAML file gives it
   */
  public static Parsed<InferenceModel> parse(JsonNode object) {
    KubeObject model = new KubeObject(object);
    JsonNode spec = object.path("spec");
    String modelName = spec.path("modelName").asString("");
    JsonNode pool = spec.path("poolRef");
    if (model.name().isEmpty()) {
      return model.invalid("metadata.name", "is missing");
    }
    if (modelName.isEmpty()) {
      return model.invalid("spec.modelName", "is missing: write the model's name as clients do");
    }
    Optional<String> refusal = UserStrings.refusedModel(modelName);
    if (refusal.isPresent()) {
      return model.invalid("spec.modelName", refusal.get());
    }
    String group = pool.path("group").asString(PoolRef.V1ALPHA2);
    if (!pool.path("kind").asString("InferencePool").equals("InferencePool")
        || !group.equals(PoolRef.V1) && !group.equals(PoolRef.V1ALPHA2)) {
      return model.invalid("spec.poolRef.kind", "is not an InferencePool");
    }
    if (pool.path("name").asString("").isEmpty()) {
      return model.invalid("spec.poolRef.name", "is missing: name the InferencePool");
    }
    List<Diagnostic> remarks = new ArrayList<>();
    return new Parsed.Valid<>(
        new InferenceModel(
            model.namespace(),
            model.name(),
            object.path("metadata").path("creationTimestamp").asString(""),
            modelName,
            criticality(model, spec, remarks),
            new PoolRef(group, model.namespace(), pool.path("name").asString("")),
            targets(model, spec.path("targetModels"), remarks)),
        remarks);
  }

  private static String criticality(KubeObject model, JsonNode spec, List<Diagnostic> remarks) {
    String criticality = spec.path("criticality").asString("");
    if (CRITICALITIES.contains(criticality)) {
      return criticality;
    }
    remarks.add(model.diagnostic(
        "spec.criticality",
        "is \"" + criticality + "\", passed over: use Critical, Standard or Sheddable"));
    return "";
  }

  private static List<TargetModel> targets(
      KubeObject model, JsonNode nodes, List<Diagnostic> remarks) {
    List<TargetModel> targets = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      String name = nodes.path(i).path("name").asString("");
      int weight = nodes.path(i).path("weight").asInt(1);
      if (name.isEmpty() || weight < 0) {
        remarks.add(model.diagnostic(
            "spec.targetModels[" + i + "]",
            (name.isEmpty() ? "has no name" : "has weight " + weight) + ": passed over"));
      } else {
        targets.add(new TargetModel(name, weight));
      }
    }
    return targets;
  }
}
