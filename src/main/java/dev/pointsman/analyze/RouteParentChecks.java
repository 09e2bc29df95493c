package dev.pointsman.analyze;

import dev.pointsman.analyze.Parents.Parent;
import dev.pointsman.kube.Manifest;
import dev.pointsman.model.Diagnostic.Reason;
import java.util.List;
import java.util.Optional;

/** HTTPRoutes to pools that no listener takes. */
final class RouteParentChecks implements Check {
  @Override
  public void check(Manifests manifests, FindingCollector report) {
    manifests.of(GatewayApi.HTTP_ROUTE).forEach(route -> {
      if (RouteRule.of(route).noneMatch(RouteRule::isRelevant)) {
        return;
      }
      for (Parent parent : Parents.of(route)) {
        if (parent.kind().equals("Gateway")) {
          refusal(manifests, route, parent)
              .ifPresent(
                  why -> report.add(
                      route,
                      Reason.RouteNotAttached,
                      parent.path(),
                      why,
                      "The rules have no effect on this Gateway; requests get 404 or another route's answer",
                      "Name a Gateway and a listener that take the route; see status.parents of the HTTPRoute"));
        }
      }
      List<Parent> parents = Parents.of(route);
      if (!parents.isEmpty() && parents.stream().noneMatch(RouteParentChecks::isOfGateway)) {
        report.add(
            route,
            Reason.RouteNotAttached,
            "spec.parentRefs",
            "names no Gateway, but " + parents.getFirst().kind(),
            "The rules have no effect on a Gateway",
            "Name a Gateway in parentRefs");
      }
      if (parents.isEmpty()) {
        report.add(
            route,
            Reason.RouteNotAttached,
            "spec",
            "names no parentRefs",
            "The rules have no effect",
            "Name a Gateway in parentRefs");
      }
    });
  }

  private static boolean isOfGateway(Parent parent) {
    return parent.kind().equals("Gateway") || parent.kind().endsWith("ListenerSet");
  }

  private static Optional<String> refusal(Manifests manifests, Manifest route, Parent parent) {
    String name = parent.namespace() + "/" + parent.name();
    Optional<Manifest> gateway =
        manifests.find(GatewayApi.GATEWAY, parent.namespace(), parent.name());
    if (gateway.isEmpty()) {
      return manifests.isMissing(GatewayApi.GATEWAY, parent.namespace(), parent.name())
          ? Optional.of("names Gateway " + name + ", which does not exist")
          : Optional.empty();
    }
    String gatewayClass = gateway.get().node().at("/spec/gatewayClassName").asString("");
    if (manifests.find(GatewayApi.GATEWAY_CLASS, gatewayClass).isEmpty()
        && manifests.knows(GatewayApi.GATEWAY_CLASS)) {
      return Optional.of(
          "names Gateway " + name + ", whose GatewayClass " + gatewayClass + " does not exist");
    }
    return AttachedListeners.of(manifests, route, parent, gateway.get()).refusal();
  }
}
