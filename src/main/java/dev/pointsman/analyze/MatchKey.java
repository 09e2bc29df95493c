package dev.pointsman.analyze;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.pointsman.model.ModelHeader;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * The conditions of a match, which are equal for matches of the same requests.
 *
 * @param takesChats whether it takes chat completions, by its path
 * @param conditions on method, headers and query, as text
 * @param model the condition on the model's name among them
 */
record MatchKey(
    String pathType,
    String pathText,
    boolean takesChats,
    SortedSet<String> conditions,
    Optional<String> model) {
  private static final String CHAT = "/v1/chat/completions";
  private static final String REGEX = "RegularExpression";

  /** Envoy Gateway's order of paths, the preferred one last. Of equal paths, the one with more conditions is preferred. */
  static final Comparator<MatchKey> BY_PATH = Comparator.comparingInt(
          (MatchKey key) -> List.of("PathPrefix", REGEX, "Exact").indexOf(key.pathType))
      .thenComparingInt(key -> key.pathText.length());

  /** A rule without a match takes all requests. */
  static final MatchKey ALL =
      new MatchKey("PathPrefix", "/", true, new TreeSet<>(), Optional.empty());

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
    String shorter = hasSlash ? text.substring(0, text.length() - 1) : text;
    return new MatchKey(type, shorter, takesChats(type, shorter), conditions, model);
  }

  /** The path's type and text. */
  String path() {
    return pathType + " " + pathText;
  }

  /** The path in words. */
  String pathWords() {
    return switch (pathType) {
      case "Exact" -> "exactly " + pathText;
      case REGEX -> "the regular expression " + pathText;
      default -> pathText;
    };
  }

  private static boolean takesChats(String pathType, String pathText) {
    return switch (pathType) {
      case "Exact" -> pathText.equals(CHAT);
      case REGEX -> matchesChats(pathText);
      case "PathPrefix" ->
        pathText.equals("/") || CHAT.equals(pathText) || CHAT.startsWith(pathText + "/");
      default -> false;
    };
  }

  private static boolean matchesChats(String regex) {
    try {
      return Pattern.matches(regex, CHAT);
    } catch (PatternSyntaxException e) {
      return false; // RouteMatchChecks says so
    }
  }
}
