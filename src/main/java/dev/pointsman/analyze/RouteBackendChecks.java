package dev.pointsman.analyze;

import dev.pointsman.analyze.RouteRule.RouteBackend;
import dev.pointsman.kube.Manifest;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.PoolRef;
import dev.pointsman.model.ReferenceGrant;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The pools among the backends of HTTPRoutes, and the fields of their references that Envoy Gateway drops. */
final class RouteBackendChecks implements Check {
  @Override
  public void check(Manifests manifests, FindingCollector report) {
    for (RouteRule rule : manifests.rules()) {
      rule.backends().forEach(backend -> {
        group(report, backend);
        if (rule.isRelevant()) {
          service(manifests, report, backend);
        }
      });
      for (RouteBackend pool : rule.pools()) {
        exists(manifests, report, pool);
        permitted(manifests, report, pool);
        fields(report, pool);
      }
      weights(report, rule);
    }
  }

  private static void group(FindingCollector report, RouteBackend backend) {
    if (backend.node().path("kind").asString("").equals("InferencePool") && !backend.isPool()) {
      String group = backend.node().path("group").asString("");
      report.add(
          backend.route(),
          Reason.UnknownPoolGroup,
          backend.path() + (backend.node().has("group") ? ".group" : ""),
          group.isEmpty() ? "is an InferencePool without a group" : "is \"" + group + "\"",
          "Envoy Gateway rejects the backend, and the rule answers 500",
          "Set group: " + PoolRef.V1 + " (v1) or " + PoolRef.V1ALPHA2 + " (v1alpha2)");
    }
  }

  private static void service(Manifests manifests, FindingCollector report, RouteBackend backend) {
    boolean isService = backend.node().path("kind").asString("Service").equals("Service")
        && backend.node().path("group").asString("").isEmpty();
    String namespace =
        backend.node().path("namespace").asString(backend.route().object().namespace());
    String name = backend.node().path("name").asString("");
    if (isService && manifests.isMissing(GatewayApi.SERVICE, namespace, name)) {
      report.add(
          backend.route(),
          Reason.BackendNotFound,
          backend.path() + ".name",
          "names Service " + namespace + "/" + name + ", which does not exist",
          "Its share of requests is answered with 500",
          "Create the Service, or name one that exists");
    }
  }

  private static void exists(Manifests manifests, FindingCollector report, RouteBackend backend) {
    PoolRef pool = backend.pool();
    String kind = GatewayApi.pool(pool.group());
    String otherGroup = pool.group().equals(PoolRef.V1) ? PoolRef.V1ALPHA2 : PoolRef.V1;
    if (manifests.find(kind, pool.namespace(), pool.name()).isPresent()) {
      return;
    }
    if (!manifests.isRead(kind, pool.namespace())) {
      return;
    }
    if (manifests
        .find(GatewayApi.pool(otherGroup), pool.namespace(), pool.name())
        .isPresent()) {
      report.add(
          backend.route(),
          Reason.OtherPoolGroup,
          backend.path() + ".group",
          "is " + pool.group() + ", but InferencePool " + pool + " is of " + otherGroup,
          "Envoy Gateway finds no backend, and its share of requests is answered with 500",
          "Set group: " + otherGroup);
    } else if (manifests.knows(kind, pool.namespace())) {
      report.add(
          backend.route(),
          Reason.BackendNotFound,
          backend.path() + ".name",
          "names InferencePool " + pool + " of " + pool.group() + ", which does not exist",
          "Its share of requests is answered with 500",
          "Create the pool, or name one that exists");
    }
  }

  private static void permitted(
      Manifests manifests, FindingCollector report, RouteBackend backend) {
    PoolRef pool = backend.pool();
    ReferenceGrant.From from = new ReferenceGrant.From(
        GatewayApi.GROUP, "HTTPRoute", backend.route().object().namespace());
    if (manifests
            .find(GatewayApi.pool(pool.group()), pool.namespace(), pool.name())
            .isPresent()
        && manifests.isRead(GatewayApi.REFERENCE_GRANT, pool.namespace())
        && !manifests
            .snapshot()
            .permits(from, pool.namespace(), pool.group(), "InferencePool", pool.name())) {
      report.add(
          backend.route(),
          Reason.RefNotPermitted,
          backend.path() + ".namespace",
          "names InferencePool " + pool
              + " in another namespace, and no ReferenceGrant there allows it",
          "Its share of requests is answered with 500",
          "Create a ReferenceGrant in namespace " + pool.namespace()
              + " from HTTPRoute of namespace " + from.namespace() + " to InferencePool of group "
              + pool.group());
    }
  }

  private static void fields(FindingCollector report, RouteBackend backend) {
    Manifest route = backend.route();
    if (!backend.node().path("filters").isEmpty()) {
      report.add(
          route,
          Reason.BackendFilters,
          backend.path() + ".filters",
          "is set on a pool's backendRef, where Envoy Gateway drops it",
          "Requests reach the pods without these changes",
          "Move the filters to the rule: a rule for each backend, if they differ");
    }
    if (backend.node().has("port")) {
      report.add(
          route,
          Reason.BackendPort,
          backend.path() + ".port",
          "is set on a pool's backendRef, where Envoy Gateway drops it",
          "Requests go to the pool's own targetPorts",
          "Remove it; the port is in the InferencePool");
    }
  }

  private static void weights(FindingCollector report, RouteRule rule) {
    List<RouteBackend> backends = rule.backends();
    if (rule.pools().isEmpty()) {
      return;
    }
    if (backends.stream().allMatch(backend -> backend.weight() == 0)) {
      report.add(
          rule.route(),
          Reason.AllWeightsZero,
          rule.path() + ".backendRefs",
          "has no backend with a weight above 0",
          "The rule's requests are answered with 500",
          "Give a backend a weight, or remove the rule");
      return;
    }
    for (RouteBackend pool : rule.pools()) {
      JsonNode weight = pool.node().path("weight");
      if (weight.isInt() && weight.asInt() == 0) {
        report.add(
            rule.route(),
            Reason.ZeroWeight,
            pool.path() + ".weight",
            "is 0",
            "The pool gets no requests, and Envoy Gateway does not look whether it exists",
            "Set a weight for a canary, or remove the backend");
      }
    }
  }
}
