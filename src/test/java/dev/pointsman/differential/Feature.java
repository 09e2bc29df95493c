package dev.pointsman.differential;

import java.util.List;

/**
 * A feature of a rule or a listener. It adds its part to the manifests of both sides, as YAML in flow style, and changes
 * requests so that they use it.
 */
sealed interface Feature
    permits Filters.ChangeHeaders,
        Filters.Rewrite,
        Filters.Cors,
        Filters.Mirror,
        Filters.Persistence,
        ListenerFeature,
        Processing.Processor,
        Processing.Script,
        Protection.ApiKey,
        Protection.External,
        Protection.Password,
        Protection.Rules,
        Protection.Token,
        TrafficSetting,
        Traffic.Ejection,
        Traffic.Fault,
        Traffic.OtherAnswer,
        Traffic.Quota,
        Traffic.Retries,
        Traffic.Timeouts,
        Traffic.WholeRequest {

  /** The name in the list of expected differences. */
  default String name() {
    return getClass().getSimpleName();
  }

  /** Filters of the HTTPRoute's rule. */
  default List<String> filters(Attachment attachment, Side side) {
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
  default List<String> security(Attachment attachment) {
    return List.of();
  }

  /** Fields of the EnvoyExtensionPolicy's spec. */
  default List<String> extension(Attachment attachment) {
    return List.of();
  }

  /** Fields of the ClientTrafficPolicy's spec. */
  default List<String> clientTraffic() {
    return List.of();
  }

  /** Fields of the InferencePolicy's spec, which the stock gateway does not have. */
  default List<String> inference() {
    return List.of();
  }

  /** Further objects for Envoy Gateway, each without the separator of documents. */
  default List<String> objects(Attachment attachment) {
    return List.of();
  }

  /** Further backends. */
  default List<Backend> backends() {
    return List.of();
  }

  /** Whether it affects requests to other HTTPRoutes on the same path, so that its rule needs a path of its own. */
  default boolean wantsOwnPath() {
    return false;
  }

  /** The request, changed so that it uses the feature. */
  default DrawnRequest vary(Draw draw, DrawnRequest request) {
    return request;
  }
}
