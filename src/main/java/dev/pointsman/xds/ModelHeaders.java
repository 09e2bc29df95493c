package dev.pointsman.xds;

import dev.pointsman.model.UserStrings;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import java.util.List;
import java.util.Optional;

/** The model conditions of a route: on the headers with the model's name and with its base model's name. */
final class ModelHeaders {
  private ModelHeaders() {}

  /** Whether the match has a model condition. */
  static boolean in(RouteMatch match) {
    return match.getHeadersList().stream().anyMatch(header -> isModel(header) || isBase(header));
  }

  /**
   * Whether the match has a condition on the model's name. Routes that match only the base model are reached through
   * their per-model copies.
   */
  static boolean byName(RouteMatch match) {
    return match.getHeadersList().stream().anyMatch(ModelHeaders::isModel);
  }

  /** The matched model, if it is exactly one. */
  static Optional<String> model(RouteMatch match) {
    return exact(match.getHeadersList().stream().filter(ModelHeaders::isModel).toList());
  }

  /** The matched base model, if it is exactly one with a valid name. */
  static Optional<String> baseModel(RouteMatch match) {
    return rawBaseModel(match).filter(base -> UserStrings.refusedModel(base).isEmpty());
  }

  /** The matched base model, which may have an invalid name. */
  static Optional<String> rawBaseModel(RouteMatch match) {
    return exact(match.getHeadersList().stream().filter(ModelHeaders::isBase).toList());
  }

  /** The match without model conditions. */
  static RouteMatch without(RouteMatch match) {
    List<HeaderMatcher> others = match.getHeadersList().stream()
        .filter(header -> !isModel(header) && !isBase(header))
        .toList();
    return match.toBuilder().clearHeaders().addAllHeaders(others).build();
  }

  private static boolean isModel(HeaderMatcher header) {
    return header.getName().equalsIgnoreCase(XdsNames.MODEL_HEADER);
  }

  private static boolean isBase(HeaderMatcher header) {
    return header.getName().equalsIgnoreCase(XdsNames.BASE_MODEL_HEADER);
  }

  private static Optional<String> exact(List<HeaderMatcher> headers) {
    return headers.stream()
        .filter(header -> header.getStringMatch().hasExact())
        .map(header -> header.getStringMatch().getExact())
        .findFirst();
  }
}
