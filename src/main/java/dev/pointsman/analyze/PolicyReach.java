package dev.pointsman.analyze;

import dev.pointsman.kube.Manifest;
import dev.pointsman.model.InferencePolicy;
import dev.pointsman.model.InferencePolicy.Target;
import dev.pointsman.model.PoolRef;
import dev.pointsman.model.TlsSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The rules that InferencePolicies and Envoy Gateway's policies are attached to. */
final class PolicyReach {
  private PolicyReach() {}

  /** The TLS settings of a policy for pickers. */
  record TlsSetting(Manifest policy, TlsSpec tls) {}

  /** The TLS settings of the policies on the rules that lead to a pool. */
  static List<TlsSetting> pickerTls(Manifests manifests, PoolRef pool) {
    List<RouteRule> rules = manifests.rules().stream()
        .filter(rule -> rule.pools().stream().anyMatch(one -> one.pool().equals(pool)))
        .toList();
    List<TlsSetting> found = new ArrayList<>();
    for (Map.Entry<InferencePolicy, Manifest> one :
        manifests.objects().policies().entrySet()) {
      InferencePolicy policy = one.getKey();
      policy
          .endpointPicker()
          .filter(_ -> rules.stream()
              .anyMatch(rule -> policy.targets().stream()
                  .anyMatch(target -> reaches(policy.namespace(), target, rule))))
          .ifPresent(picker -> found.add(new TlsSetting(one.getValue(), picker.tls())));
    }
    return found;
  }

  /** The pools of the rules that a policy is attached to. */
  static Set<PoolRef> pools(Manifests manifests, InferencePolicy policy) {
    return manifests.rules().stream()
        .filter(rule ->
            policy.targets().stream().anyMatch(target -> reaches(policy.namespace(), target, rule)))
        .flatMap(rule -> rule.pools().stream())
        .map(RouteRule.RouteBackend::pool)
        .collect(Collectors.toSet());
  }

  private static boolean reaches(String namespace, Target target, RouteRule rule) {
    return reaches(namespace, target.kind(), target.name(), target.sectionName(), rule);
  }

  /** Whether one of the targets of Envoy Gateway's policy reaches the rule. */
  static boolean reaches(Manifests manifests, Manifest policy, RouteRule rule) {
    return selects(manifests, policy, rule)
        || targets(policy).entrySet().stream()
            .anyMatch(target -> reaches(
                policy.object().namespace(),
                target.getValue().path("kind").asString(""),
                target.getValue().path("name").asString(""),
                target.getValue().path("sectionName").asString(""),
                rule));
  }

  /** Whether no policy of the kind that may reach the rule, by its HTTPRoute or a Gateway, was left unread. */
  static boolean areRead(Manifests manifests, String policies, RouteRule rule) {
    return manifests.isRead(policies, rule.namespace())
        && Parents.of(rule.route()).stream()
            .allMatch(parent -> manifests.isRead(policies, parent.namespace())
                && manifests.isRead(GatewayApi.GATEWAY, parent.namespace()));
  }

  /** Whether one of the policy's {@code targetSelectors} selects the rule's HTTPRoute, or a Gateway of it, by labels. */
  private static boolean selects(Manifests manifests, Manifest policy, RouteRule rule) {
    String namespace = policy.object().namespace();
    return policy.node().path("spec").path("targetSelectors").values().stream()
        .anyMatch(selector -> selected(manifests, selector, rule)
            .filter(object -> object.object().namespace().equals(namespace))
            .anyMatch(
                object -> LabelSelector.selects(selector, object.node().at("/metadata/labels"))));
  }

  private static Stream<Manifest> selected(Manifests manifests, JsonNode selector, RouteRule rule) {
    return switch (selector.path("kind").asString("")) {
      case "HTTPRoute" -> Stream.of(rule.route());
      case "Gateway" ->
        Parents.of(rule.route()).stream()
            .flatMap(parent ->
                manifests.find(GatewayApi.GATEWAY, parent.namespace(), parent.name()).stream());
      default -> Stream.of();
    };
  }

  /** The rules with a pool or a model that a policy of Envoy Gateway reaches. */
  static List<RouteRule> relevantRules(Manifests manifests, Manifest policy) {
    return manifests.rules().stream()
        .filter(rule -> rule.isRelevant() && reaches(manifests, policy, rule))
        .toList();
  }

  /** The references of {@code targetRefs} or {@code targetRef} by their paths. */
  static Map<String, JsonNode> targets(Manifest policy) {
    JsonNode spec = policy.node().path("spec");
    return spec.has("targetRef")
        ? Map.of("spec.targetRef", spec.path("targetRef"))
        : Manifests.items(spec, "spec", "targetRefs");
  }

  private static boolean reaches(
      String namespace, String kind, String name, String section, RouteRule rule) {
    return switch (kind) {
      case "HTTPRoute" ->
        namespace.equals(rule.namespace())
            && name.equals(rule.route().object().name())
            && (section.isEmpty() || section.equals(rule.name()));
      case "Gateway" ->
        Parents.of(rule.route()).stream()
            .anyMatch(parent -> parent.isGateway(namespace, name)
                && (section.isEmpty()
                    || parent.section().isEmpty()
                    || parent.section().equals(section)));
      default -> false;
    };
  }
}
