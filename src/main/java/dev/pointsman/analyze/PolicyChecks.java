package dev.pointsman.analyze;

import dev.pointsman.kube.Manifest;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.InferencePolicy;
import dev.pointsman.model.InferencePolicy.Target;
import dev.pointsman.model.PolicyPrecedence;
import dev.pointsman.plan.WrittenRules;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The targets, the references and the precedence of InferencePolicies. */
final class PolicyChecks implements Check {
  @Override
  public void check(Manifests manifests, FindingCollector report) {
    Map<InferencePolicy, Manifest> policies = manifests.objects().policies();
    Map<PolicyPrecedence.TargetKey, PolicyPrecedence> precedence =
        PolicyPrecedence.byTarget(policies.keySet());
    WrittenRules rules = new WrittenRules(manifests.snapshot(), precedence);
    policies.forEach((policy, manifest) -> {
      for (int i = 0; i < policy.targets().size(); i++) {
        String field = "spec.targetRefs[" + i + "]";
        target(manifests, policy, policy.targets().get(i))
            .ifPresent(
                why -> report.add(
                    manifest,
                    Reason.TargetNotFound,
                    field,
                    why,
                    "The policy has no effect there",
                    "Name an existing object of the policy's namespace, and a rule or listener by its name"));
      }
      for (int i = 0; i < policy.models().size(); i++) {
        List<InferencePolicy.Backend> backends = policy.models().get(i).backends();
        if (!backends.isEmpty() && backends.stream().allMatch(one -> one.weight() == 0)) {
          report.add(
              manifest,
              Reason.AllWeightsZero,
              "spec.models[" + i + "].backends",
              "has no backend with a weight above 0",
              "The model's requests are answered with 500",
              "Give a backend a weight, or remove the model");
        }
      }
      planned(manifests, manifest, policy, rules).forEach(one -> report.add(manifest, one));
      conflict(precedence, policy).ifPresent(one -> report.add(manifest, one));
    });
  }

  private static Optional<String> target(
      Manifests manifests, InferencePolicy policy, Target target) {
    if (target.kind().equals("GatewayClass")) {
      return Optional.empty(); // a class has no namespace
    }
    String kind = target.kind() + "." + GatewayApi.GROUP;
    Optional<Manifest> object = manifests.find(kind, policy.namespace(), target.name());
    String name = target.kind() + " " + policy.namespace() + "/" + target.name();
    if (object.isEmpty()) {
      return PolicyTargetChecks.missing(
          manifests, target.kind(), policy.namespace(), target.name());
    }
    String list = target.kind().equals("Gateway") ? "listeners" : "rules";
    boolean there = target.sectionName().isEmpty()
        || object.get().node().path("spec").path(list).values().stream()
            .anyMatch(one -> one.path("name").asString("").equals(target.sectionName()));
    return there
        ? Optional.empty()
        : Optional.of("names section " + target.sectionName() + ", which " + name
            + " does not have among its " + list);
  }

  /** The server's diagnostics; a folder need not have all Services and certificates. */
  private static List<Diagnostic> planned(
      Manifests manifests, Manifest manifest, InferencePolicy policy, WrittenRules rules) {
    return rules.diagnostics(policy).stream()
        .filter(one -> switch (one.reason()) {
          case BackendNotFound, InvalidExtensionRef -> isKnown(manifests, manifest, one);
          case RefNotPermitted -> isKnown(manifests, manifest.node(one.field()));
          default -> true;
        })
        .toList();
  }

  /** Whether the referenced object would be known, if there were one. The message begins with "names KIND NAME". */
  private static boolean isKnown(Manifests manifests, Manifest manifest, Diagnostic reference) {
    String[] words = reference.message().split("[ ,]", 4);
    JsonNode node = manifest.node(reference.field());
    String namespace = node.path("namespace").asString(manifest.object().namespace());
    return switch (words[1]) {
      case "InferencePool" -> manifests.knowsPools(namespace);
      case GatewayApi.SERVICE -> manifests.knows(GatewayApi.SERVICE, namespace);
      default ->
        manifests.knows(words[1], namespace)
            || manifests.find(words[1], namespace, words[2]).isPresent(); // without a certificate
    };
  }

  /** Whether the folder has objects of the referenced namespace, so that its grants are probably there too. */
  private static boolean isKnown(Manifests manifests, JsonNode reference) {
    String namespace = reference.path("namespace").asString("");
    return manifests.isRead(GatewayApi.REFERENCE_GRANT, namespace)
        && (manifests.knowsPools(namespace) || manifests.knows(GatewayApi.SERVICE, namespace));
  }

  private static Optional<Diagnostic> conflict(
      Map<PolicyPrecedence.TargetKey, PolicyPrecedence> precedence, InferencePolicy policy) {
    return policy.targets().stream()
        .map(target -> new PolicyPrecedence.TargetKey(policy.namespace(), target))
        .flatMap(key -> Objects.requireNonNull(precedence.get(key)).conflict(policy).stream())
        .findFirst();
  }
}
