package dev.pointsman.xds;

import io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutationRules;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;

/**
 * The headers and trailers that a picker must not change, on requests and responses. A picker belongs to a tenant, and
 * the client's connection may carry other tenants' requests. Pickers may name endpoints and add information; the
 * framing, the type and the route of a message are not theirs.
 */
final class PickerMutationRules {
  /** Complete names, in lower case. Envoy itself accepts a header without a name. */
  private static final String DENIED = String.join(
      "|",
      "", // no name
      ":.*", // above all :status
      "connection|keep-alive|proxy-.*|te|trailers?|transfer-encoding|upgrade|http2-settings",
      "content-length|expect",
      "host|forwarded|x-(forwarded|envoy|pointsman)-.*",
      XdsNames.MODEL_HEADER + "|" + XdsNames.BASE_MODEL_HEADER);

  private PickerMutationRules() {}

  /**
   * Ignores and counts forbidden mutations instead of failing, because stock pickers send back all headers of a
   * request.
   */
  static HeaderMutationRules rules() {
    return HeaderMutationRules.newBuilder()
        .setDisallowExpression(RegexMatcher.newBuilder().setRegex(DENIED))
        .setDisallowSystem(Protos.bool(true))
        .setAllowEnvoy(Protos.bool(false))
        .setAllowAllRouting(Protos.bool(false))
        .setDisallowIsError(Protos.bool(false))
        .build();
  }
}
