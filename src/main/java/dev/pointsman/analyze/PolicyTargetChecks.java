package dev.pointsman.analyze;

import dev.pointsman.kube.Manifest;
import dev.pointsman.model.Diagnostic.Reason;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Targets of Envoy Gateway's policies that do not exist, or that are none. */
final class PolicyTargetChecks implements Check {
  private static final List<String> KINDS = List.of(
      GatewayApi.BACKEND_TRAFFIC_POLICY,
      GatewayApi.CLIENT_TRAFFIC_POLICY,
      GatewayApi.SECURITY_POLICY,
      GatewayApi.EXTENSION_POLICY);

  @Override
  public void check(Manifests manifests, FindingCollector report) {
    for (String kind : KINDS) {
      manifests
          .of(kind)
          .forEach(policy -> PolicyReach.targets(policy)
              .forEach((path, target) -> target(manifests, report, policy, path, target)));
    }
  }

  private static void target(
      Manifests manifests, FindingCollector report, Manifest policy, String path, JsonNode target) {
    String kind = target.path("kind").asString("");
    String name = target.path("name").asString("");
    String namespace = policy.object().namespace();
    if (kind.equals("InferencePool") || kind.equals("Service")) {
      report.add(
          policy,
          Reason.TargetNotFound,
          path,
          "targets a" + (kind.equals("Service") ? " " : "n ") + kind
              + ", which Envoy Gateway's policies do not take",
          "The policy has no effect",
          "Target the HTTPRoute that leads to it, with sectionName for one rule, or the Gateway");
    } else if (List.of("HTTPRoute", "Gateway").contains(kind)) {
      missing(manifests, kind, namespace, name)
          .ifPresent(why -> report.add(
              policy,
              Reason.TargetNotFound,
              path,
              why,
              "The policy has no effect",
              "Name an existing object of the policy's namespace"));
    }
  }

  /** The mistake in a target of a policy; empty if the object may be there. */
  static Optional<String> missing(Manifests manifests, String kind, String namespace, String name) {
    String object = kind + "." + GatewayApi.GROUP;
    List<String> others = manifests.namespacesWith(object, name);
    if (others.contains(namespace)
        || !manifests.isRead(object, namespace)
        || others.isEmpty() && !manifests.knows(object, namespace)) {
      return Optional.empty();
    }
    return Optional.of("names " + kind + " " + namespace + "/" + name + ", which does not exist"
        + (others.isEmpty()
            ? ""
            : "; there is " + others.getFirst() + "/" + name
                + ", but a policy targets objects of its own namespace"));
  }
}
