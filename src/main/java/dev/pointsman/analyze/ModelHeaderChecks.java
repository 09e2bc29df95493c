package dev.pointsman.analyze;

import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.ModelHeader;
import dev.pointsman.model.ModelSettings;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Headers that are taken for the model's header. */
final class ModelHeaderChecks implements Check {
  private static final String WRITTEN = "X-Gateway-Model-Name";

  @Override
  public void check(Manifests manifests, FindingCollector report) {
    Set<String> known = new TreeSet<>(List.of(ModelHeader.NAME, ModelHeader.BASE_NAME));
    manifests.objects().policies().keySet().stream()
        .flatMap(policy -> policy.model().stream())
        .map(ModelSettings::header)
        .forEach(header -> header.ifPresent(known::add));
    boolean isComplete = manifests.areRead(GatewayApi.POLICY);
    for (RouteRule rule : manifests.rules()) {
      if (rule.pools().isEmpty()) {
        continue;
      }
      if (isComplete) {
        rule.matches()
            .forEach((path, match) -> Manifests.items(match, path, "headers")
                .forEach((one, header) -> match(report, rule, known, one, header)));
      }
      rule.filters()
          .forEach((path, filter) -> Stream.of("set", "add")
              .forEach(list -> Manifests.items(
                      filter.path("requestHeaderModifier"), path + ".requestHeaderModifier", list)
                  .forEach((one, header) -> modifier(report, rule, one, header))));
    }
  }

  private static void match(
      FindingCollector report, RouteRule rule, Set<String> known, String path, JsonNode header) {
    String name = header.path("name").asString("").toLowerCase(Locale.ROOT);
    if (name.contains("model") && !known.contains(name)) {
      report.add(
          rule.route(),
          Reason.OtherModelHeader,
          path + ".name",
          "is " + name + ", which the gateway does not set",
          "Requests meet the match only if clients send this header; the model in the body is not looked at",
          "Match " + WRITTEN + ", or set model.header: " + name
              + " in an InferencePolicy on the Gateway");
    }
  }

  private static void modifier(
      FindingCollector report, RouteRule rule, String path, JsonNode header) {
    if (header.path("name").asString("").equalsIgnoreCase(WRITTEN)) {
      report.add(
          rule.route(),
          Reason.ModelHeaderTooLate,
          path,
          "sets " + WRITTEN + " after the route is chosen",
          "The rule's own pool gets the request, whatever the value",
          "Set a default model with earlyRequestHeaders of a ClientTrafficPolicy, or another model for the pods with"
              + " InferenceModelRewrite");
    }
  }
}
