package dev.pointsman.analyze;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The configurations of Envoy Gateway among the manifests. */
final class HookConfigs {
  private static final String KEY = "envoy-gateway.yaml";

  /** The domains of other controllers' names, as their projects document them. */
  private static final Set<String> OTHERS = Set.of(
      "agentgateway.dev",
      "gateway.nginx.org",
      "io.cilium",
      "istio.io",
      "kgateway.dev",
      "konghq.com",
      "networking.gke.io",
      "traefik.io");

  private static final YAMLMapper YAML = new YAMLMapper();

  private HookConfigs() {}

  static List<HookConfig> of(Manifests manifests) {
    return Stream.concat(
            manifests.of(GatewayApi.ENVOY_GATEWAY).map(one -> new HookConfig(one, "", one.node())),
            manifests
                .of("ConfigMap")
                .filter(one -> one.node().path("data").has(KEY))
                .map(one -> new HookConfig(
                    one, "data." + KEY, read(one.node().path("data").path(KEY).asString("")))))
        .toList();
  }

  /** The text as a tree; a missing one if it is no YAML, which Envoy Gateway refuses at its start. */
  private static JsonNode read(String text) {
    try {
      return YAML.readTree(text);
    } catch (JacksonException _) {
      return YAML.missingNode();
    }
  }

  /** The controller names of Envoy Gateway's GatewayClasses; the default if no configuration has one. */
  static Set<String> controllerNames(Manifests manifests) {
    Set<String> names = new TreeSet<>();
    of(manifests).stream()
        .map(one -> one.config().path("gateway").path("controllerName").asString(""))
        .filter(name -> !name.isEmpty())
        .forEach(names::add);
    return names.isEmpty() ? Set.of(GatewayApi.CONTROLLER) : names;
  }

  /**
   * The names of controllers that are surely not Envoy Gateway. Its configuration may have any name; without the
   * configuration only the names of other projects are known.
   */
  static Predicate<String> others(Manifests manifests) {
    boolean isComplete = !of(manifests).isEmpty() && manifests.areRead("ConfigMap");
    Set<String> ours = controllerNames(manifests);
    return isComplete
        ? name -> !ours.contains(name)
        : name -> OTHERS.contains(name.substring(0, Math.max(0, name.indexOf('/'))));
  }
}
