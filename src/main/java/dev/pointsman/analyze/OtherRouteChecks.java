package dev.pointsman.analyze;

import dev.pointsman.analyze.RouteRule.RouteBackend;
import dev.pointsman.model.Diagnostic.Reason;
import java.util.List;

/** Routes of other kinds, and Gateway API's policies, that name pools. */
final class OtherRouteChecks implements Check {
  private static final List<String> KINDS =
      List.of("GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute");

  @Override
  public void check(Manifests manifests, FindingCollector report) {
    for (String kind : KINDS) {
      manifests
          .of(kind + "." + GatewayApi.GROUP)
          .forEach(route -> RouteRule.of(route)
              .flatMap(rule -> rule.backends().stream())
              .filter(RouteBackend::isPool)
              .forEach(pool -> report.add(
                  route,
                  Reason.RouteWithoutPools,
                  pool.path(),
                  "names InferencePool " + pool.pool() + " in a " + kind,
                  "Envoy Gateway does not use the backend: the rule's requests fail",
                  "Use an HTTPRoute; gRPC requests match its paths as well")));
    }
    manifests
        .of(GatewayApi.BACKEND_TLS_POLICY)
        .forEach(policy -> PolicyReach.targets(policy).forEach((path, target) -> {
          if (target.path("kind").asString("").equals("InferencePool")) {
            report.add(
                policy,
                Reason.BackendTlsPolicyOfPool,
                path,
                "targets an InferencePool, which Envoy Gateway drops",
                "Requests to the pods are not encrypted",
                "Encrypt between gateway and pods by other means (a mesh, a NetworkPolicy against readers), or route to"
                    + " a Service");
          }
        }));
  }
}
