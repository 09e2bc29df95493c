package dev.pointsman.analyze;

import dev.pointsman.kube.Manifest;
import dev.pointsman.model.Diagnostic.Reason;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Processors of EnvoyExtensionPolicies on routes of models. */
final class ProcessorChecks implements Check {
  private static final Set<String> IN_PIECES = Set.of("Streamed", "FullDuplexStreamed");

  @Override
  public void check(Manifests manifests, FindingCollector report) {
    manifests
        .of(GatewayApi.EXTENSION_POLICY)
        .filter(policy -> !PolicyReach.relevantRules(manifests, policy).isEmpty())
        .forEach(policy -> Manifests.items(policy.node().path("spec"), "spec", "extProc")
            .forEach((path, processor) -> processor(report, policy, path, processor)));
  }

  private static void processor(
      FindingCollector report, Manifest policy, String path, JsonNode processor) {
    JsonNode mode = processor.path("processingMode");
    JsonNode request = mode.path("request");
    String body = request.path("body").asString("");
    boolean override = mode.path("allowModeOverride").asBoolean(false);
    boolean extras = !request.path("attributes").isEmpty()
        || !mode.path("response").path("attributes").isEmpty()
        || processor.has("metadata");
    if (!body.isEmpty() && !IN_PIECES.contains(body)
        || override
        || extras && IN_PIECES.contains(body)) {
      report.add(
          policy,
          Reason.WholeBodies,
          path + ".processingMode",
          IN_PIECES.contains(body) || body.isEmpty()
              ? "asks for attributes, metadata or mode overrides, which bodies in pieces do not have"
              : "has request.body " + body + ", one gRPC message for each body",
          "Bodies above 4 MB answer 500, with failOpen too, unless the processor takes larger messages",
          "Use request.body: FullDuplexStreamed or Streamed, without attributes, metadata and allowModeOverride");
    }
  }
}
