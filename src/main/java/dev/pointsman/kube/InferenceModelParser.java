package dev.pointsman.kube;

import dev.pointsman.model.Fields;
import dev.pointsman.model.Findings;
import dev.pointsman.model.InferenceModel;
import dev.pointsman.model.InferenceModel.TargetModel;
import dev.pointsman.model.Parsed;
import dev.pointsman.model.PoolRef;
import dev.pointsman.model.UserStrings;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
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
    Findings findings = model.findings();
    Fields spec = model.fields(findings).part("spec");
    String modelName = spec.required("modelName", "write the model's name as clients do");
    spec.check("modelName", modelName, UserStrings::refusedModel);
    PoolRef pool = pool(model.namespace(), spec.part("poolRef"));
    return findings.parsed(() -> new InferenceModel(
        model.namespace(),
        model.name(),
        model.created(),
        modelName,
        criticality(spec),
        pool,
        targets(spec)));
  }

  private static PoolRef pool(String namespace, Fields ref) {
    String group = ref.text("group", PoolRef.V1ALPHA2);
    if (!ref.text("kind", "InferencePool").equals("InferencePool")
        || !group.equals(PoolRef.V1) && !group.equals(PoolRef.V1ALPHA2)) {
      ref.problem("kind", "is not an InferencePool");
    }
    return new PoolRef(group, namespace, ref.required("name", "name the InferencePool"));
  }

  private static String criticality(Fields spec) {
    String criticality = spec.text("criticality");
    if (CRITICALITIES.contains(criticality)) {
      return criticality;
    }
    spec.remark(
        "criticality", "is \"" + criticality + "\", ignored: use Critical, Standard or Sheddable");
    return "";
  }

  private static List<TargetModel> targets(Fields spec) {
    List<TargetModel> targets = new ArrayList<>();
    for (Fields target : spec.remarking().parts("targetModels")) {
      String name = target.text("name");
      OptionalInt weight = target.integer("weight", 0, Integer.MAX_VALUE);
      if (name.isEmpty()) {
        target.problem("has no name: ignored");
      } else if (weight.isPresent() || !target.has("weight")) {
        targets.add(new TargetModel(name, weight.orElse(1)));
      }
    }
    return targets;
  }
}
