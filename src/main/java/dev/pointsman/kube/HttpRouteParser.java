package dev.pointsman.kube;

import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.HttpRouteRules;
import dev.pointsman.model.HttpRouteRules.BackendRef;
import dev.pointsman.model.HttpRouteRules.Rule;
import dev.pointsman.model.Parsed;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Reads the backends and the age of an HTTPRoute; everything else of it is Envoy Gateway's business. */
public final class HttpRouteParser {
  private HttpRouteParser() {}

  /**
   * Reads an HTTPRoute. Backends keep their places, so that a bad one is kept too, with a remark.
   *
   * @param object the whole object, as the API server or a YAML file gives it
   */
  public static Parsed<HttpRouteRules> parse(JsonNode object) {
    KubeObject route = new KubeObject(object);
    if (route.name().isEmpty()) {
      return route.invalid("metadata.name", "is missing");
    }
    JsonNode nodes = object.path("spec").path("rules");
    List<Rule> rules = new ArrayList<>();
    List<Diagnostic> remarks = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      JsonNode refs = nodes.path(i).path("backendRefs");
      List<BackendRef> backends = new ArrayList<>();
      for (int j = 0; j < refs.size(); j++) {
        String field = "spec.rules[" + i + "].backendRefs[" + j + "]";
        backends.add(backend(route, field, refs.path(j), remarks));
      }
      rules.add(new Rule(nodes.path(i).path("name").asString(""), backends));
    }
    return new Parsed.Valid<>(
        new HttpRouteRules(route.namespace(), route.name(), route.created(), rules), remarks);
  }

  private static BackendRef backend(
      KubeObject route, String field, JsonNode ref, List<Diagnostic> remarks) {
    JsonNode weight = ref.path("weight");
    boolean absent = weight.isMissingNode() || weight.isNull();
    boolean usable = weight.isIntegralNumber()
        && weight.canConvertToInt()
        && weight.asInt() >= 0
        && weight.asInt() <= BackendRef.MAX_WEIGHT;
    if (!absent && !usable) {
      remarks.add(route.diagnostic(
          field + ".weight", "is " + weight + ": use a whole number from 0 to 1000000"));
    }
    return new BackendRef(
        ref.path("group").asString(""),
        ref.path("kind").asString("Service"),
        ref.path("namespace").asString(route.namespace()),
        ref.path("name").asString(""),
        usable ? weight.asInt() : 1);
  }
}
