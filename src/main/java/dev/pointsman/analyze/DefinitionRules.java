package dev.pointsman.analyze;

import dev.pointsman.analyze.KindSchemas.SchemaProblem;
import dev.pointsman.kube.Manifest;
import dev.pointsman.model.GatewayDuration;
import dev.pointsman.model.PoolRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The rules of CustomResourceDefinitions that are written in CEL and often broken, for which there is no evaluator here. */
final class DefinitionRules {
  private DefinitionRules() {}

  /** The fields of an object that break a rule. */
  static List<SchemaProblem> problems(Manifest manifest) {
    List<SchemaProblem> problems = new ArrayList<>();
    if (manifest.object().group().equals(PoolRef.V1)) {
      pool(manifest.node().path("spec"), problems);
    } else if (manifest.object().kind().equals("HTTPRoute")) {
      RouteRule.of(manifest).forEach(rule -> rule(rule, problems));
    }
    return problems;
  }

  private static void pool(JsonNode spec, List<SchemaProblem> problems) {
    JsonNode picker = spec.path("endpointPickerRef");
    if (picker.isObject()
        && picker.path("kind").asString("Service").equals("Service")
        && !picker.has("port")) {
      problems.add(new SchemaProblem(
          "spec.endpointPickerRef", "has no port, which is required for a Service"));
    }
    Set<JsonNode> numbers = new HashSet<>();
    for (Map.Entry<String, JsonNode> port :
        Manifests.items(spec, "spec", "targetPorts").entrySet()) {
      JsonNode number = port.getValue().path("number");
      if (!numbers.add(number)) {
        problems.add(
            new SchemaProblem(port.getKey() + ".number", "is " + number + ", as another port is"));
      }
    }
  }

  private static void rule(RouteRule rule, List<SchemaProblem> problems) {
    rule.backends().stream()
        .filter(backend -> backend.node().path("kind").asString("Service").equals("Service")
            && backend.node().path("group").asString("").isEmpty()
            && !backend.node().has("port"))
        .forEach(backend -> problems.add(
            new SchemaProblem(backend.path(), "has no port, which is required for a Service")));
    JsonNode timeouts = rule.node().path("timeouts");
    Optional<Duration> request = GatewayDuration.parse(timeouts.path("request").asString(""));
    Optional<Duration> backend =
        GatewayDuration.parse(timeouts.path("backendRequest").asString(""));
    if (request.filter(limit -> !limit.isZero()).isPresent()
        && backend.filter(limit -> limit.compareTo(request.get()) > 0).isPresent()) {
      problems.add(
          new SchemaProblem(rule.path() + ".timeouts.backendRequest", "is longer than request"));
    }
    rule.matches().forEach((path, match) -> {
      JsonNode value = match.path("path").path("value");
      boolean isRegex = match.path("path").path("type").asString("").equals("RegularExpression");
      if (value.isString() && !isRegex && !value.asString().startsWith("/")) {
        problems.add(
            new SchemaProblem(path + ".path.value", "is " + value + ", and must begin with /"));
      }
    });
  }
}
