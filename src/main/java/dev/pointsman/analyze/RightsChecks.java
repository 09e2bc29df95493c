package dev.pointsman.analyze;

import dev.pointsman.kube.Manifest;
import dev.pointsman.model.Diagnostic.Reason;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Envoy Gateway's rights on the kinds that its configuration names, by the roles that are bound to it. */
final class RightsChecks implements Check {
  private static final String RBAC = ".rbac.authorization.k8s.io";
  private static final String[] KINDS = {
    "ClusterRole" + RBAC, "ClusterRoleBinding" + RBAC, "Role" + RBAC, "RoleBinding" + RBAC
  };
  private static final List<String> READ = List.of("get", "list", "watch");
  private static final String SERVICE_ACCOUNT = "envoy-gateway";

  @Override
  public void check(Manifests manifests, FindingCollector report) {
    List<JsonNode> rules = rules(manifests);
    if (rules.isEmpty() || !manifests.areRead(KINDS)) {
      return; // its roles are not among the manifests, or some of them are not
    }
    for (HookConfig config : HookConfigs.of(manifests)) {
      for (HookConfig.WatchedKind kind : config.kinds()) {
        String resource = kind.crd().substring(0, kind.crd().indexOf('.'));
        List<String> verbs = READ.stream()
            .filter(verb -> !allows(rules, kind.group(), resource, verb))
            .toList();
        if (!verbs.isEmpty()) {
          missing(
              report,
              config,
              kind,
              String.join(", ", verbs) + " " + resource,
              "Envoy Gateway waits two minutes for the kind and then serves nothing at all");
        } else if (kind.list().equals("policyResources")
            && !allows(rules, kind.group(), resource + "/status", "update")) {
          missing(
              report,
              config,
              kind,
              "update " + resource + "/status",
              "None on requests; Envoy Gateway cannot write the policies' statuses");
        }
      }
    }
  }

  private static void missing(
      FindingCollector report,
      HookConfig config,
      HookConfig.WatchedKind kind,
      String right,
      String effect) {
    report.add(
        config.manifest(),
        Reason.GatewayRights,
        config.field("extensionManager." + kind.list()),
        "names " + kind.kind() + " of " + kind.group()
            + ", for which ServiceAccount envoy-gateway has no right to " + right,
        effect,
        "Install Pointsman's chart with envoyGateway.rbac: true, or add a ClusterRole with this right");
  }

  /** The rules of all roles that are bound to Envoy Gateway. */
  private static List<JsonNode> rules(Manifests manifests) {
    return Stream.of("ClusterRoleBinding", "RoleBinding")
        .flatMap(kind -> manifests.of(kind + RBAC))
        .filter(RightsChecks::isOfEnvoyGateway)
        .flatMap(binding -> role(manifests, binding).stream())
        .flatMap(role -> role.node().path("rules").values().stream())
        .toList();
  }

  private static boolean isOfEnvoyGateway(Manifest binding) {
    return binding.node().path("subjects").values().stream()
        .anyMatch(subject -> subject.path("kind").asString("").equals("ServiceAccount")
            && subject.path("name").asString("").equals(SERVICE_ACCOUNT));
  }

  private static Optional<Manifest> role(Manifests manifests, Manifest binding) {
    JsonNode ref = binding.node().path("roleRef");
    String kind = ref.path("kind").asString("") + RBAC;
    String name = ref.path("name").asString("");
    return kind.startsWith("Cluster")
        ? manifests.find(kind, name)
        : manifests.find(kind, binding.object().namespace(), name);
  }

  private static boolean allows(List<JsonNode> rules, String group, String resource, String verb) {
    return rules.stream()
        .anyMatch(rule -> has(rule, "apiGroups", group)
            && has(rule, "resources", resource)
            && has(rule, "verbs", verb)
            && !rule.has("resourceNames"));
  }

  private static boolean has(JsonNode rule, String list, String wanted) {
    return rule.path(list).values().stream()
        .map(one -> one.asString(""))
        .anyMatch(one -> one.equals(wanted) || one.equals("*"));
  }
}
