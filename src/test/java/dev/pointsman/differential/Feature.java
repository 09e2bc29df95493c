package dev.pointsman.differential;

import java.util.List;

/**
 * Something that a rule or a listener does beside routing. A feature says its part of the manifests of both sides as YAML
 * in flow style, and changes requests so that they meet it.
 */
sealed interface Feature
    permits Filters.ChangeHeaders,
        Filters.Rewrite,
        Filters.Cors,
        Filters.Mirror,
        Filters.Persistence,
        Listening,
        Processing.Processor,
        Processing.Script,
        Protection.ApiKey,
        Protection.External,
        Protection.Password,
        Protection.Rules,
        Protection.Token,
        Settings,
        Traffic.Ejection,
        Traffic.Fault,
        Traffic.OtherAnswer,
        Traffic.Quota,
        Traffic.Retries,
        Traffic.Timeouts,
        Traffic.WholeRequest {

  /** As the list of expected differences calls it. */
  default String name() {
    return getClass().getSimpleName();
  }

  /** Filters of the HTTPRoute's rule. */
  default List<String> filters(Place place, Side side) {
    return List.of();
  }

  /** Fields of the HTTPRoute's rule, such as {@code timeouts: {...}}. */
  default List<String> ruleFields() {
    return List.of();
  }

  /** Fields of the BackendTrafficPolicy's spec. */
  default List<String> backendTraffic(Side side) {
    return List.of();
  }

  /** Fields of the SecurityPolicy's spec. */
  default List<String> security(Place place) {
    return List.of();
  }

  /** Fields of the EnvoyExtensionPolicy's spec. */
  default List<String> extension(Place place) {
    return List.of();
  }

  /** Fields of the ClientTrafficPolicy's spec. */
  default List<String> clientTraffic() {
    return List.of();
  }

  /** Fields of the InferencePolicy's spec, which the stock gateway does not get. */
  default List<String> inference() {
    return List.of();
  }

  /** Whole objects of Envoy Gateway's, each without the line between documents. */
  default List<String> objects(Place place) {
    return List.of();
  }

  /** Backends of its own. */
  default List<Backend> backends() {
    return List.of();
  }

  /** Whether requests to other HTTPRoutes on the same path would meet it, so that its rule needs a path of its own. */
  default boolean wantsOwnPath() {
    return false;
  }

  /** A request that meets the feature, in one of several ways. */
  default Ask vary(Draw draw, Ask ask) {
    return ask;
  }
}
