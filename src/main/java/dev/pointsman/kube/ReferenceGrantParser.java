package dev.pointsman.kube;

import dev.pointsman.model.Fields;
import dev.pointsman.model.Findings;
import dev.pointsman.model.Parsed;
import dev.pointsman.model.ReferenceGrant;
import dev.pointsman.model.ReferenceGrant.From;
import dev.pointsman.model.ReferenceGrant.To;
import tools.jackson.databind.JsonNode;

/** Reads a ReferenceGrant. An entry with a missing field permits nothing. */
public final class ReferenceGrantParser {
  private ReferenceGrantParser() {}

  /**
   * Reads a ReferenceGrant.
   *
   * @param object the whole object, as the API server or a YAML file gives it
   */
  public static Parsed<ReferenceGrant> parse(JsonNode object) {
    KubeObject grant = new KubeObject(object);
    Findings findings = grant.findings();
    Fields spec = grant.fields(findings).part("spec");
    return findings.parsed(() -> new ReferenceGrant(
        grant.namespace(),
        spec.parts("from").stream()
            .map(one -> new From(one.text("group"), one.text("kind"), one.text("namespace")))
            .toList(),
        spec.parts("to").stream()
            .map(one -> new To(one.text("group"), one.text("kind"), one.text("name")))
            .toList()));
  }
}
