package dev.pointsman.analyze;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.pointsman.kube.Manifest;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.ModelHeader;
import dev.pointsman.model.UserStrings;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The matches of HTTPRoutes by themselves: their number, their regular expressions, their names of models. */
final class RouteMatchChecks implements Check {
  /** A star after a letter, a digit or a dash, and nothing else that only regular expressions have. */
  private static final java.util.regex.Pattern GLOB =
      java.util.regex.Pattern.compile("[\\w./-]*[\\w-]\\*[\\w./-]*");

  private static final int MOST_RULES = 16;
  private static final int MOST_MATCHES = 64;
  private static final int MOST_MATCHES_OF_A_ROUTE = 128;

  @Override
  public void check(Manifests manifests, FindingCollector report) {
    manifests.of(GatewayApi.HTTP_ROUTE).forEach(route -> {
      JsonNode rules = route.node().path("spec").path("rules");
      int all =
          rules.values().stream().mapToInt(rule -> rule.path("matches").size()).sum();
      tooMany(report, route, "spec.rules", rules.size(), "rules", MOST_RULES);
      tooMany(
          report,
          route,
          "spec.rules",
          all,
          "matches in all rules together",
          MOST_MATCHES_OF_A_ROUTE);
      RouteRule.of(route)
          .forEach(rule -> tooMany(
              report,
              route,
              rule.path() + ".matches",
              rule.matches().size(),
              "matches",
              MOST_MATCHES));
    });
    for (RouteRule rule : manifests.rules()) {
      rule.matches().forEach((path, match) -> {
        regex(report, rule, path + ".path", match.path("path"));
        Stream.of("headers", "queryParams")
            .forEach(list -> Manifests.items(match, path, list)
                .forEach((one, condition) -> regex(report, rule, one, condition)));
        Manifests.items(match, path, "headers")
            .forEach((one, header) -> model(report, rule, one, header));
        twice(report, rule, path, match);
      });
    }
  }

  private static void tooMany(
      FindingCollector report, Manifest route, String path, int count, String of, int most) {
    if (count > most) {
      report.add(
          route,
          Reason.TooManyMatches,
          path,
          "has " + count + " " + of + ", but at most " + most + " are allowed",
          "The API server refuses the HTTPRoute; an older version of it stays in effect",
          "Name models in spec.models of an InferencePolicy (up to 256 with 64 aliases each), or split the HTTPRoute");
    }
  }

  private static void regex(
      FindingCollector report, RouteRule rule, String path, JsonNode condition) {
    if (!condition.path("type").asString("").equals("RegularExpression")) {
      return;
    }
    try {
      Pattern.compile(condition.path("value").asString(""));
    } catch (PatternSyntaxException e) {
      report.add(
          rule.route(),
          Reason.InvalidRegex,
          path + ".value",
          "is no regular expression of RE2: " + e.getDescription(),
          "Envoy Gateway rejects the rule, which answers 500",
          "Write it in RE2's syntax, without look-around and back references");
    }
  }

  private static void twice(FindingCollector report, RouteRule rule, String path, JsonNode match) {
    Set<String> names = new HashSet<>();
    Manifests.items(match, path, "headers").forEach((one, header) -> {
      if (!names.add(header.path("name").asString("").toLowerCase(Locale.ROOT))) {
        report.add(
            rule.route(),
            Reason.UnreachableRule,
            one + ".name",
            "is a header that the match names already",
            "A request must meet both conditions, so that two values match nothing",
            "Write a match for each value");
      }
    });
  }

  private static void model(FindingCollector report, RouteRule rule, String path, JsonNode header) {
    String name = header.path("name").asString("").toLowerCase(Locale.ROOT);
    if (header.path("type").asString("").equals("RegularExpression")
        && name.equals(ModelHeader.NAME)
        && GLOB.matcher(header.path("value").asString("")).matches()) {
      report.add(
          rule.route(),
          Reason.PatternOfFiles,
          path + ".value",
          "is " + header.path("value").asString("") + ": here * repeats the character before it",
          "Models whose names only begin like this do not meet the match",
          "Write .* for any characters");
    }
    boolean exact = header.path("type").asString("Exact").equals("Exact");
    if (exact && (name.equals(ModelHeader.NAME) || name.equals(ModelHeader.BASE_NAME))) {
      UserStrings.refusedModel(header.path("value").asString(""))
          .ifPresent(why -> report.add(
              rule.route(),
              Reason.InvalidModelName,
              path + ".value",
              why,
              "No request meets the match",
              "Write the model's name as clients do"));
    }
  }
}
