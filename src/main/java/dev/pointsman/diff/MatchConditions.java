package dev.pointsman.diff;

import dev.pointsman.model.ModelHeader;
import dev.pointsman.model.SecretHeaders;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The conditions of a match of an HTTPRoute. All its fields are in them.
 *
 * @param models the names of the models
 * @param words the other conditions, without secret values
 * @param secrets the secret values, which are compared and not shown
 */
record MatchConditions(List<String> models, List<String> words, String secrets) {
  private static final String EXACT = "Exact";
  private static final String PREFIX = "PathPrefix";
  private static final Set<String> TOLD = Set.of("path", "method", "headers", "queryParams");

  static MatchConditions of(JsonNode match) {
    List<String> models = new ArrayList<>();
    List<String> words = new ArrayList<>();
    StringBuilder secrets = new StringBuilder();
    String path = type(match.path("path"), PREFIX) + " " + value(match.path("path"), "/");
    if (!path.equals(PREFIX + " /")) {
      words.add("path " + path);
    }
    if (match.has("method")) {
      words.add("method " + match.path("method").asString(""));
    }
    for (JsonNode header : match.path("headers").values()) {
      if (name(header).toLowerCase(Locale.ROOT).equals(ModelHeader.NAME)) {
        models.add(value(header, ""));
        if (!type(header, EXACT).equals(EXACT)) {
          words.add("as " + type(header, EXACT));
        }
      } else {
        words.add("header " + named(header, secrets));
      }
    }
    for (JsonNode parameter : match.path("queryParams").values()) {
      words.add("query parameter " + named(parameter, secrets));
    }
    Map<String, String> others = new LinkedHashMap<>();
    match
        .propertyStream()
        .filter(field -> !TOLD.contains(field.getKey()))
        .forEach(field ->
            FieldValues.of(field.getValue(), field.getKey(), HiddenValues.CONDITION, others));
    others.forEach((field, value) -> {
      words.add(field + " " + HiddenValues.shown(value));
      secrets.append(value).append('\n');
    });
    return new MatchConditions(models, words, secrets.toString());
  }

  private static String named(JsonNode condition, StringBuilder secrets) {
    String value = value(condition, "");
    if (SecretHeaders.contains(name(condition))) {
      secrets.append(value).append('\n');
      value = HiddenValues.SHOWN;
    }
    return name(condition) + " " + type(condition, EXACT) + " " + value;
  }

  private static String name(JsonNode condition) {
    return condition.path("name").asString("");
  }

  private static String type(JsonNode condition, String usual) {
    return condition.path("type").asString(usual);
  }

  private static String value(JsonNode condition, String usual) {
    return condition.path("value").asString(usual);
  }
}
