package dev.pointsman.analyze;

import dev.pointsman.analyze.Parents.Parent;
import dev.pointsman.kube.Manifest;
import dev.pointsman.model.Diagnostic.Reason;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

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
    List<JsonNode> listeners = Listeners.of(gateway.get(), parent);
    if (listeners.isEmpty()) {
      return Optional.of("names "
          + (parent.section().isEmpty() ? "a listener" : "listener " + parent.section())
          + (parent.port() == 0 ? "" : " with port " + parent.port()) + ", which Gateway " + name
          + " does not have");
    }
    listeners = listeners.stream().filter(Listeners::takesHttp).toList();
    if (listeners.isEmpty()) {
      return Optional.of("names Gateway " + name
          + ", whose listeners take no HTTPRoutes, by their protocol or allowedRoutes.kinds");
    }
    if (listeners.stream().allMatch(RouteParentChecks::lacksCertificate)) {
      return Optional.of("names Gateway " + name
          + ", whose HTTPS listener has no tls.certificateRefs and so does not listen");
    }
    if (listeners.stream().noneMatch(one -> allows(manifests, one, route, parent))) {
      return Optional.of("names Gateway " + name + ", whose allowedRoutes exclude namespace "
          + route.object().namespace());
    }
    if (listeners.stream().allMatch(one -> Listeners.hostnames(one, route).isEmpty())) {
      return Optional.of("names Gateway " + name + ", whose listeners have none of the hostnames");
    }
    return Optional.empty();
  }

  private static boolean lacksCertificate(JsonNode listener) {
    return listener.path("protocol").asString("").equals("HTTPS")
        && listener.path("tls").path("mode").asString("Terminate").equals("Terminate")
        && listener.path("tls").path("certificateRefs").isEmpty();
  }

  private static boolean allows(
      Manifests manifests, JsonNode listener, Manifest route, Parent parent) {
    JsonNode allowed = listener.path("allowedRoutes").path("namespaces");
    return switch (allowed.path("from").asString("Same")) {
      case "Same" -> route.object().namespace().equals(parent.namespace());
      case "None" -> false;
      case "Selector" ->
        manifests
            .find("Namespace", route.object().namespace())
            .map(namespace -> LabelSelector.selects(allowed.path("selector"), labels(namespace)))
            .orElse(true); // its labels are not known
      default -> true;
    };
  }

  /** The labels of a namespace, with the one that the API server gives each. */
  private static JsonNode labels(Manifest namespace) {
    ObjectNode labels = JsonMapper.shared().createObjectNode();
    namespace
        .node()
        .at("/metadata/labels")
        .properties()
        .forEach(label -> labels.set(label.getKey(), label.getValue()));
    return labels.put("kubernetes.io/metadata.name", namespace.object().name());
  }
}
