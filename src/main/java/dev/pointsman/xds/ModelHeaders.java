package dev.pointsman.xds;

import dev.pointsman.model.UserStrings;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import java.util.List;
import java.util.Optional;

/** The conditions of a route on the headers that only the gateway sets: the model's name, and its base model's. */
final class ModelHeaders {
  private ModelHeaders() {}

  /** Whether there is one. */
  static boolean in(RouteMatch match) {
    return match.getHeadersList().stream().anyMatch(header -> isModel(header) || isBase(header));
  }

  /** Whether there is one on the model's name. A route on the base model's alone meets requests through its copies. */
  static boolean byName(RouteMatch match) {
    return match.getHeadersList().stream().anyMatch(ModelHeaders::isModel);
  }

  /** The model that is asked for, where it is exactly one. */
  static Optional<String> model(RouteMatch match) {
    return exact(match.getHeadersList().stream().filter(ModelHeaders::isModel).toList());
  }

  /** The model whose adapters are asked for too, where it is exactly one that can be a model's. */
  static Optional<String> baseModel(RouteMatch match) {
    return rawBaseModel(match).filter(base -> UserStrings.refusedModel(base).isEmpty());
  }

  /** The same as its author wrote it. */
  static Optional<String> rawBaseModel(RouteMatch match) {
    return exact(match.getHeadersList().stream().filter(ModelHeaders::isBase).toList());
  }

  /** The match whatever model is asked for. */
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
