package dev.pointsman.diff;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.explain.EndpointsNow;
import dev.pointsman.explain.ExplainableGateway;
import dev.pointsman.explain.GatewayOverview;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.ObjectRef;
import java.util.List;
import java.util.Set;

/**
 * The last translation of a Gateway, or of several that Envoy Gateway merges.
 *
 * @param answer what Envoy Gateway got
 */
public record GatewayState(
    Set<ObjectRef> gateways, PostTranslateModifyResponse answer, List<Diagnostic> diagnostics) {
  public GatewayState {
    gateways = Set.copyOf(gateways);
    diagnostics = List.copyOf(diagnostics);
  }

  /** The ways of all rules, with the endpoints that are known. */
  GatewayOverview overview(EndpointsNow endpoints) throws InvalidProtocolBufferException {
    ExplainableGateway gateway = ExplainableGateway.of(
        gateways,
        answer.getListenersList(),
        answer.getRoutesList(),
        answer.getClustersList(),
        diagnostics);
    return GatewayOverview.of(gateway, endpoints, Integer.MAX_VALUE);
  }
}
