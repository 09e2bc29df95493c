package dev.pointsman.analyze;

import dev.pointsman.kube.Manifest;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.InferencePool;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Pools of several controllers, or of another one. */
final class ControllerChecks implements Check {
  @Override
  public void check(Manifests manifests, FindingCollector report) {
    for (Map.Entry<InferencePool, Manifest> one : manifests.objects().pools().entrySet()) {
      status(report, one.getValue());
    }
    Predicate<String> isOther = HookConfigs.others(manifests);
    String ours = HookConfigs.controllerNames(manifests).iterator().next();
    for (RouteRule rule : manifests.rules()) {
      if (!rule.pools().isEmpty()) {
        for (Parents.Parent parent : Parents.of(rule.route())) {
          manifests
              .gatewayClass(parent.namespace(), parent.name())
              .map(one -> one.node().at("/spec/controllerName").asString(""))
              .filter(isOther)
              .ifPresent(name -> other(report, rule, parent, name, ours));
        }
      }
    }
  }

  private static void status(FindingCollector report, Manifest pool) {
    Set<String> controllers = new TreeSet<>();
    Manifests.items(pool.node().path("status"), "status", "parents").forEach((_, parent) -> {
      String controller = parent.path("controllerName").asString("");
      boolean accepts = parent.path("conditions").values().stream()
          .anyMatch(condition -> condition.path("type").asString("").equals("Accepted")
              && condition.path("status").asString("").equals("True"));
      if (accepts && !controller.isEmpty()) {
        controllers.add(controller);
      }
    });
    if (controllers.size() > 1) {
      report.add(
          pool,
          Reason.TwoControllers,
          "status.parents",
          "has entries of " + String.join(" and ", controllers),
          "Requests reach the pods by several gateways, which balance without one another; the endpoint picker gets both",
          "Use a pool for each gateway, or route to it from one controller's Gateways alone");
    }
  }

  private static void other(
      FindingCollector report,
      RouteRule rule,
      Parents.Parent parent,
      String controller,
      String ours) {
    report.add(
        rule.route(),
        Reason.OtherController,
        parent.path(),
        "names a Gateway of controller " + controller + ", and the rule leads to a pool",
        "Pointsman does not see this Gateway; its controller serves the pool, or does not",
        "Use a Gateway whose class has controllerName " + ours);
  }
}
