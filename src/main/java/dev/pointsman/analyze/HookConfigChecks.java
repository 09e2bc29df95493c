package dev.pointsman.analyze;

import dev.pointsman.analyze.RouteRule.RouteBackend;
import dev.pointsman.model.ByteSize;
import dev.pointsman.model.Diagnostic.Reason;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The block {@code extensionManager} of Envoy Gateway's configuration. */
final class HookConfigChecks implements Check {
  private static final long USUAL_BYTES = ByteSize.mebibytes(64).bytes();
  private static final String REPAIR =
      "Take the block of the chart's ConfigMap (NAME-envoy-gateway), or that `pointsman gateway-config` prints";

  @Override
  public void check(Manifests manifests, FindingCollector report) {
    for (HookConfig config : HookConfigs.of(manifests)) {
      Optional<JsonNode> manager = config.extensionManager();
      if (config.config().isMissingNode()) {
        report.add(
            config.manifest(),
            Reason.InvalidObject,
            config.field(""),
            "is not YAML",
            "Envoy Gateway does not start with it",
            "Correct the text; helm upgrade of Envoy Gateway writes it from config.envoyGateway");
        continue;
      }
      if (manager.isEmpty()) {
        report.add(
            config.manifest(),
            Reason.HooksMissing,
            config.field(""),
            "has no extensionManager",
            "Envoy Gateway knows no InferencePools: rules with pools answer 500",
            REPAIR);
        continue;
      }
      hooks(report, config);
      included(report, config);
      kinds(manifests, report, config);
      messages(manifests, report, config, manager.get());
      failOpen(report, config, manager.get());
    }
  }

  private static void hooks(FindingCollector report, HookConfig config) {
    Set<String> missing = new TreeSet<>(Set.of("Route", "Translation"));
    missing.removeAll(config.hooks());
    if (!missing.isEmpty()) {
      report.add(
          config.manifest(),
          Reason.HooksMissing,
          config.field("extensionManager.hooks.xdsTranslator.post"),
          "does not name " + String.join(" and ", missing),
          "Rules with pools have no endpoints and answer 503",
          "Set post: [Route, Endpoints, Translation]");
    } else if (!config.hooks().contains("Endpoints")) {
      report.add(
          config.manifest(),
          Reason.UnknownWeights,
          config.field("extensionManager.hooks.xdsTranslator.post"),
          "does not name Endpoints",
          "Several pools in a rule get equal shares where their HTTPRoute is not known; a pool before a Backend with a"
              + " host name stops the updates of endpoints",
          "Set post: [Route, Endpoints, Translation]");
    }
  }

  private static void included(FindingCollector report, HookConfig config) {
    Stream.of("listener", "route", "cluster")
        .filter(type -> !config.includesAll(type))
        .forEach(type -> report.add(
            config.manifest(),
            Reason.ResourcesNotIncluded,
            config.field("extensionManager.hooks.xdsTranslator.translation"),
            "does not include all resources of type " + type,
            "Pointsman cannot rewrite them: rules with pools answer 503, and models are not read",
            "Set translation." + type + ".includeAll: true"));
    if (config.includesAll("secret")) {
      report.add(
          config.manifest(),
          Reason.SecretsIncluded,
          config.field("extensionManager.hooks.xdsTranslator.translation"),
          "includes secrets, which is the default",
          "None on requests; Envoy Gateway sends the private keys of listeners to the hooks, which need none",
          "Set translation.secret.includeAll: false");
    }
  }

  private static void kinds(Manifests manifests, FindingCollector report, HookConfig config) {
    Set<String> used = new TreeSet<>();
    manifests.rules().stream()
        .flatMap(rule -> rule.pools().stream())
        .map(RouteBackend::pool)
        .forEach(pool -> used.add(GatewayApi.pool(pool.group())));
    manifests.of(GatewayApi.POLICY).findAny().ifPresent(_ -> used.add(GatewayApi.POLICY));
    config.kinds().forEach(kind -> used.remove(kind.kind() + "." + kind.group()));
    for (String kind : used) {
      String list = kind.equals(GatewayApi.POLICY) ? "policyResources" : "backendResources";
      report.add(
          config.manifest(),
          Reason.KindNotConfigured,
          config.field("extensionManager." + list),
          "does not name " + kind + ", which is used",
          kind.equals(GatewayApi.POLICY)
              ? "InferencePolicies have no effect"
              : "Envoy Gateway rejects these backends, and their rules answer 500",
          REPAIR);
    }
  }

  private static void messages(
      Manifests manifests, FindingCollector report, HookConfig config, JsonNode manager) {
    OptionalLong bound = boundOfAnswers(manifests);
    if (bound.isEmpty() && !manifests.workloads().areRead()) {
      return; // Pointsman may have another bound
    }
    long needed = bound.orElse(USUAL_BYTES);
    JsonNode size = manager.path("maxMessageSize");
    long accepted =
        size.isMissingNode() ? 4L << 20 : TrafficPolicyChecks.size(size).orElse(needed);
    if (accepted < needed) {
      report.add(
          config.manifest(),
          Reason.SmallMessages,
          config.field("extensionManager.maxMessageSize"),
          (size.isMissingNode() ? "is not set, so that 4Mi hold" : "is " + size.asString(""))
              + ", and Pointsman answers with up to " + new ByteSize(needed),
          "Envoy Gateway refuses a larger answer and publishes nothing for that Gateway",
          "Set maxMessageSize: " + new ByteSize(needed)
              + ", or start Pointsman with a smaller --max-message-size");
    }
  }

  /** The bound of Pointsman's answers, by its Deployment; empty if there is none. */
  private static OptionalLong boundOfAnswers(Manifests manifests) {
    return manifests.workloads().all().stream()
        .flatMap(workload -> workload.containers().stream())
        .map(Workload.Container::flags)
        .filter(flags -> flags.containsKey("eds-advertise") || flags.containsKey("grpc-client-ca"))
        .map(flags -> Optional.ofNullable(flags.get("max-message-size")).flatMap(ByteSize::read))
        .mapToLong(size -> size.map(ByteSize::bytes).orElse(USUAL_BYTES))
        .findFirst();
  }

  private static void failOpen(FindingCollector report, HookConfig config, JsonNode manager) {
    if (manager.path("failOpen").asBoolean(false)) {
      report.add(
          config.manifest(),
          Reason.HooksFailOpen,
          config.field("extensionManager.failOpen"),
          "is true",
          "After a failed call Envoy Gateway publishes rules with pools that have no endpoints, so that they answer 503",
          "Leave failOpen out: proxies then keep their last configuration");
    }
  }
}
