package dev.pointsman.xds;

import io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutationRules;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;

/**
 * The headers and trailers that a picker may not touch, on requests and on answers: it belongs to a tenant, and the
 * client's connection may carry other tenants' requests. Pickers name endpoints and may tell pods and clients something;
 * where a message ends, what it is and where it goes is not theirs.
 */
final class PickerMutationRules {
  /** Whole names, in lower case. Envoy itself takes a header without a name. */
  private static final String DENIED = String.join(
      "|",
      "", // no name
      ":.*", // :status above all
      "connection|keep-alive|proxy-.*|te|trailers?|transfer-encoding|upgrade|http2-settings",
      "content-length|expect",
      "host|forwarded|x-(forwarded|envoy|pointsman)-.*",
      XdsNames.MODEL_HEADER + "|" + XdsNames.BASE_MODEL_HEADER);

  private PickerMutationRules() {}

  /** A mutation that is not allowed is left out and counted: stock pickers send all headers of a request back. */
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
