package dev.pointsman.kube;

import dev.pointsman.model.Fields;
import dev.pointsman.model.Findings;
import dev.pointsman.model.HttpRouteRules;
import dev.pointsman.model.HttpRouteRules.BackendRef;
import dev.pointsman.model.HttpRouteRules.Rule;
import dev.pointsman.model.Parsed;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Parses the backends and the age of an HTTPRoute; Envoy Gateway handles all other fields. */
public final class HttpRouteParser {
  private HttpRouteParser() {}

  /**
   * Reads an HTTPRoute. Invalid backends are kept with a remark, so all backends keep their index.
   *
   * @param object the whole object, as the API server or a YAML file gives it
   */
  public static Parsed<HttpRouteRules> parse(JsonNode object) {
    KubeObject route = new KubeObject(object);
    Findings findings = route.findings();
    List<Rule> rules = new ArrayList<>();
    for (Fields rule : route.fields(findings).remarking().part("spec").parts("rules")) {
      List<BackendRef> backends = rule.parts("backendRefs").stream()
          .map(ref -> backend(route.namespace(), ref))
          .toList();
      rules.add(new Rule(rule.text("name"), backends));
    }
    return findings.parsed(
        () -> new HttpRouteRules(route.namespace(), route.name(), route.created(), rules));
  }

  private static BackendRef backend(String namespace, Fields ref) {
    return new BackendRef(
        ref.text("group"),
        ref.text("kind", "Service"),
        ref.text("namespace", namespace),
        ref.text("name"),
        ref.integer("weight", 0, BackendRef.MAX_WEIGHT).orElse(1));
  }
}
