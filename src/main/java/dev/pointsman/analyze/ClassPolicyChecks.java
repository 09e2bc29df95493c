package dev.pointsman.analyze;

import dev.pointsman.kube.Manifest;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.InferencePolicy;
import dev.pointsman.model.InferencePolicy.Target;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * InferencePolicies where Gateways are merged. Envoy Gateway 1.9 sends those on a Gateway, and ignores those on a
 * GatewayClass; later releases do the opposite (envoyproxy/gateway#10060).
 */
final class ClassPolicyChecks implements Check {
  private static final SoftwareVersion NEXT = new SoftwareVersion(1, 10, 0);

  @Override
  public void check(Manifests manifests, FindingCollector report) {
    Optional<SoftwareVersion> version =
        VersionChecks.envoyGateways(manifests).stream().findFirst();
    version.ifPresent(known -> manifests.objects().policies().forEach((policy, manifest) -> {
      for (int i = 0; i < policy.targets().size(); i++) {
        String field = "spec.targetRefs[" + i + "]";
        Target target = policy.targets().get(i);
        if (known.isBelow(NEXT) && target.kind().equals("GatewayClass")) {
          report.add(
              manifest,
              Reason.ClassPolicyIgnored,
              field,
              "names a GatewayClass, and Envoy Gateway " + known
                  + " sends policies on Gateways and HTTPRoutes only",
              "The policy has no effect",
              "Target each Gateway of the class");
        } else if (!known.isBelow(NEXT) && isMerged(manifests, policy, target)) {
          report.add(
              manifest,
              Reason.MergedGatewayPolicy,
              field,
              "names a Gateway of a class with mergeGateways, and Envoy Gateway " + known
                  + " refuses such policies",
              "The policy has no effect",
              "Target the GatewayClass, from the namespace of Pointsman (serve --class-policies)");
        }
      }
    }));
  }

  private static boolean isMerged(Manifests manifests, InferencePolicy policy, Target target) {
    return target.kind().equals("Gateway")
        && manifests
            .gatewayClass(policy.namespace(), target.name())
            .flatMap(gatewayClass -> proxy(manifests, gatewayClass))
            .filter(proxy -> proxy.node().at("/spec/mergeGateways").asBoolean(false))
            .isPresent();
  }

  private static Optional<Manifest> proxy(Manifests manifests, Manifest gatewayClass) {
    JsonNode parameters = gatewayClass.node().at("/spec/parametersRef");
    return manifests.find(
        GatewayApi.ENVOY_PROXY,
        parameters.path("namespace").asString(""),
        parameters.path("name").asString(""));
  }
}
