package dev.pointsman.analyze;

import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Kubernetes' label selectors, with {@code matchLabels} and {@code matchExpressions}. */
final class LabelSelector {
  private LabelSelector() {}

  /** A condition on a label. */
  private record LabelCondition(String key, boolean isMet) {}

  /** Whether the selector selects an object with these labels; an empty one selects all. */
  static boolean selects(JsonNode selector, JsonNode labels) {
    return conditions(selector, labels).allMatch(LabelCondition::isMet);
  }

  /** The same for an object of which only these labels are known; empty if others decide. */
  static Optional<Boolean> selectsByKnown(JsonNode selector, JsonNode labels) {
    if (conditions(selector, labels).anyMatch(one -> labels.has(one.key()) && !one.isMet())) {
      return Optional.of(false);
    }
    return conditions(selector, labels).allMatch(one -> labels.has(one.key()))
        ? Optional.of(true)
        : Optional.empty();
  }

  private static Stream<LabelCondition> conditions(JsonNode selector, JsonNode labels) {
    return Stream.concat(
        selector.path("matchLabels").properties().stream()
            .map(label -> new LabelCondition(
                label.getKey(), label.getValue().equals(labels.path(label.getKey())))),
        selector.path("matchExpressions").values().stream()
            .map(expression -> new LabelCondition(
                expression.path("key").asString(""), meets(expression, labels))));
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
