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

  /** Whether the other match has the same path. */
  boolean hasPathOf(MatchKey other) {
    return pathType.equals(other.pathType) && pathText.equals(other.pathText);
  }

  /** Whether this match, without a condition on the model, takes chat completions from the other by its longer path. */
  boolean outranks(MatchKey other) {
    return conditions.isEmpty()
        && other.pathType.equals("PathPrefix")
        && contains(other.pathText, pathText)
        && !other.pathText.equals(pathText)
        && (pathType.equals("PathPrefix") && contains(pathText, CHAT)
            || pathType.equals("Exact") && pathText.equals(CHAT));
  }

  /** Whether this match takes back the chat completions of the other that a match with a longer path takes from it. */
  boolean rescues(MatchKey other, MatchKey taker) {
    boolean isLonger = pathType.equals("Exact")
        ? pathText.equals(CHAT)
        : pathType.equals("PathPrefix")
            && contains(pathText, CHAT)
            && taker.pathType.equals("PathPrefix")
            && pathText.length() >= taker.pathText.length();
    return isLonger && model.isPresent() && other.conditions.containsAll(conditions);
  }

  private static boolean contains(String prefix, String path) {
    return prefix.equals("/") || path.equals(prefix) || path.startsWith(prefix + "/");
  }
}
