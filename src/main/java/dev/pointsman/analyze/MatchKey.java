package dev.pointsman.analyze;

import dev.pointsman.model.ModelHeader;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * The conditions of a match, which are equal for matches of the same requests.
 *
 * @param conditions on method, headers and query, as text
 * @param model the condition on the model's name among them
 */
record MatchKey(
    String pathType, String pathText, SortedSet<String> conditions, Optional<String> model) {
  private static final String CHAT = "/v1/chat/completions";

  /** A rule without a match takes all requests. */
  static final MatchKey ALL = new MatchKey("PathPrefix", "/", new TreeSet<>(), Optional.empty());

  static MatchKey of(JsonNode match) {
    SortedSet<String> conditions = new TreeSet<>();
    Optional<String> model = Optional.empty();
    if (match.has("method")) {
      conditions.add("method " + match.path("method").asString(""));
    }
    for (JsonNode header : match.path("headers")) {
      String name = header.path("name").asString("").toLowerCase(Locale.ROOT);
      String text = "header " + name + " " + header.path("type").asString("Exact") + " "
          + header.path("value").asString("");
      conditions.add(text);
      if (name.equals(ModelHeader.NAME) || name.equals(ModelHeader.BASE_NAME)) {
        model = Optional.of(text);
      }
    }
    for (JsonNode query : match.path("queryParams")) {
      conditions.add("query " + query.path("name").asString("") + " "
          + query.path("type").asString("Exact") + " " + query.path("value").asString(""));
    }
    JsonNode path = match.path("path");
    String type = path.path("type").asString("PathPrefix");
    String text = path.path("value").asString("/");
    boolean hasSlash = type.equals("PathPrefix") && text.length() > 1 && text.endsWith("/");
    return new MatchKey(
        type, hasSlash ? text.substring(0, text.length() - 1) : text, conditions, model);
  }

  /** The path's type and text. */
  String path() {
    return pathType + " " + pathText;
  }

  /** Whether it takes chat completions, by its path. */
  boolean takesChats() {
    return pathType.equals("PathPrefix") && contains(pathText, CHAT)
        || pathType.equals("Exact") && pathText.equals(CHAT);
  }

  /** Whether this match, which takes chat completions, has a longer path than the other, whose path begins it. */
  boolean isWithin(MatchKey other) {
    return other.pathType.equals("PathPrefix")
        && contains(other.pathText, pathText)
        && !other.pathText.equals(pathText);
  }

  /** Whether this match is preferred to another one without conditions; both take chat completions. */
  boolean isPreferredTo(MatchKey other) {
    return pathType.equals("Exact")
        || other.pathType.equals("PathPrefix") && pathText.length() >= other.pathText.length();
  }

  private static boolean contains(String prefix, String path) {
    return prefix.equals("/") || path.equals(prefix) || path.startsWith(prefix + "/");
  }
}
