package dev.pointsman.analyze;

import tools.jackson.databind.JsonNode;

/** Kubernetes' label selectors, with {@code matchLabels} and {@code matchExpressions}. */
final class LabelSelector {
  private LabelSelector() {}

  /** Whether the selector selects an object with these labels; an empty one selects all. */
  static boolean selects(JsonNode selector, JsonNode labels) {
    return selector.path("matchLabels").properties().stream()
            .allMatch(label -> label.getValue().equals(labels.path(label.getKey())))
        && selector.path("matchExpressions").values().stream()
            .allMatch(expression -> meets(expression, labels));
  }

  private static boolean meets(JsonNode expression, JsonNode labels) {
    JsonNode label = labels.path(expression.path("key").asString(""));
    boolean isListed = expression.path("values").values().stream().anyMatch(label::equals);
    return switch (expression.path("operator").asString("")) {
      case "In" -> isListed;
      case "NotIn" -> !isListed;
      case "Exists" -> !label.isMissingNode();
      case "DoesNotExist" -> label.isMissingNode();
      default -> false;
    };
  }
}
