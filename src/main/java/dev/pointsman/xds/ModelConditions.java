package dev.pointsman.xds;

import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.ArrayList;
import java.util.List;

/** The conditions on models in the match of a route, for readers of a translation. */
public final class ModelConditions {
  private ModelConditions() {}

  /**
   * The models that the match asks for: names, or the pattern of a regular expression. Empty if it asks for none, for
   * any, or for none at all.
   */
  public static List<String> models(RouteMatch match) {
    List<String> models = new ArrayList<>();
    for (HeaderMatcher header : match.getHeadersList()) {
      if (header.getName().equalsIgnoreCase(XdsNames.MODEL_HEADER) && !header.getInvertMatch()) {
        models.addAll(names(header.getStringMatch()));
      }
    }
    return models;
  }

  private static List<String> names(StringMatcher matcher) {
    return switch (matcher.getMatchPatternCase()) {
      case EXACT -> List.of(matcher.getExact());
      case PREFIX -> List.of(matcher.getPrefix() + ".*");
      case SAFE_REGEX -> ModelPatterns.names(matcher.getSafeRegex().getRegex());
      default -> List.of();
    };
  }

  /** The match without the conditions on models. */
  public static RouteMatch without(RouteMatch match) {
    return ModelHeaders.without(match);
  }
}
