package dev.pointsman.analyze;

import dev.pointsman.kube.Manifest;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.PoolRef;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** CustomResourceDefinitions that are missing, or older than the objects and than this version of Pointsman. */
final class KindChecks implements Check {
  private static final String OURS = "pointsman.dev";

  private static final Set<String> GROUPS =
      Set.of(OURS, PoolRef.V1, PoolRef.V1ALPHA2, GatewayApi.GROUP, GatewayApi.ENVOY_GATEWAY_GROUP);

  /** The parts of an InferencePolicy, which {@code model.PolicyParser} reads. */
  private static final List<String> POLICY_FIELDS = List.of(
      "endpointPicker",
      "explain",
      "fallback",
      "identity",
      "mirrors",
      "model",
      "models",
      "modelsFrom",
      "outlierDetection",
      "subset",
      "targetRefs",
      "tokenUsage",
      "upstreamTLS");

  @Override
  public void check(Manifests manifests, FindingCollector report) {
    Crds crds = new Crds(manifests);
    for (HookConfig config : HookConfigs.of(manifests)) {
      config.kinds().forEach(kind -> watched(report, crds, config, kind));
    }
    Set<String> reported = new HashSet<>();
    manifests.all().forEach(manifest -> {
      String group = manifest.object().group();
      if (GROUPS.contains(group)
          && crds.knows(group)
          && !manifest.object().kind().equals("EnvoyGateway")) {
        object(report, crds, manifest, reported);
      }
    });
    crds.find(OURS, "InferencePolicy").ifPresent(crd -> older(report, crd));
  }

  private static void watched(
      FindingCollector report, Crds crds, HookConfig config, HookConfig.WatchedKind kind) {
    if (!crds.knows(kind.group())) {
      return;
    }
    Optional<Manifest> crd = crds.find(kind.group(), kind.kind());
    String field = config.field("extensionManager." + kind.list());
    String effect = "Envoy Gateway waits two minutes for the kind and then serves nothing at all";
    if (crd.isEmpty()) {
      report.add(
          config.manifest(),
          Reason.CrdMissing,
          field,
          "names " + kind.kind() + " of " + kind.group()
              + ", which has no CustomResourceDefinition",
          effect,
          "Install " + kind.crd() + ", or remove the entry");
    } else if (Crds.served(crd.get(), kind.version()).isEmpty()) {
      report.add(
          config.manifest(),
          Reason.VersionNotServed,
          field,
          "names version " + kind.version() + " of " + kind.crd() + ", which is not served",
          effect,
          "Name a served version, or upgrade the CustomResourceDefinition");
    }
  }

  private static void object(
      FindingCollector report, Crds crds, Manifest manifest, Set<String> reported) {
    String group = manifest.object().group();
    String kind = manifest.object().kind();
    String apiVersion = manifest.node().path("apiVersion").asString("");
    String version = apiVersion.substring(apiVersion.indexOf('/') + 1);
    Optional<Manifest> crd = crds.find(group, kind);
    if (crd.isEmpty()) {
      if (reported.add(kind + "." + group)) {
        report.add(
            manifest,
            Reason.CrdMissing,
            "kind",
            "is " + kind + " of " + group + ", which has no CustomResourceDefinition",
            "The API server refuses objects of this kind",
            "Install the definitions of " + group + " first");
      }
      return;
    }
    Optional<JsonNode> served = Crds.served(crd.get(), version);
    if (served.isEmpty()) {
      report.add(
          manifest,
          Reason.VersionNotServed,
          "apiVersion",
          "is " + apiVersion + ", which the CustomResourceDefinition does not serve",
          "The API server refuses the object",
          "Write the object in a served version, or upgrade the CustomResourceDefinition");
      return;
    }
    SchemaFields.unknown(
            manifest.node().path("spec"),
            served.get().at("/schema/openAPIV3Schema/properties/spec"),
            "spec")
        .forEach(field -> report.add(
            manifest,
            Reason.FieldNotInCrd,
            field,
            "is not in the schema of the CustomResourceDefinition for " + apiVersion,
            "The API server drops the field, so that it has no effect",
            "Upgrade the CustomResourceDefinition, or correct the field's name"));
  }

  private static void older(FindingCollector report, Manifest crd) {
    JsonNode schema = crd.node()
        .path("spec")
        .path("versions")
        .path(0)
        .at("/schema/openAPIV3Schema/properties/spec/properties");
    List<String> missing =
        POLICY_FIELDS.stream().filter(field -> !schema.has(field)).toList();
    if (!missing.isEmpty()) {
      report.add(
          crd,
          Reason.FieldNotInCrd,
          "spec.versions",
          "has no field " + String.join(", ", missing) + ", which this version of Pointsman reads",
          "The API server drops these fields of InferencePolicies",
          "Apply charts/pointsman/crds of this version: Helm does not upgrade CRDs");
    }
  }
}
