package dev.pointsman.analyze;

import dev.pointsman.analyze.KindSchemas.SchemaProblem;
import dev.pointsman.kube.Manifest;
import dev.pointsman.model.Diagnostic.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * Objects of files that do not fit the schemas of their kinds: misspelled fields, lists in place of objects, values out of
 * range. Objects of a cluster have passed the API server. It is the last check: fields with another finding are left out.
 */
final class SchemaChecks implements Check {
  @Override
  public void check(Manifests manifests, FindingCollector report) {
    if (manifests.isOfCluster()) {
      return;
    }
    KindSchemas schemas = new KindSchemas();
    Crds crds = new Crds(manifests);
    manifests
        .all()
        .filter(manifest -> !crds.knows(manifest.object().group())) // KindChecks has its schema
        .forEach(manifest -> schemas
            .versions(manifest)
            .ifPresent(versions -> check(schemas, versions, report, manifest)));
  }

  private static void check(
      KindSchemas schemas, JsonNode versions, FindingCollector report, Manifest manifest) {
    String apiVersion = manifest.node().path("apiVersion").asString("");
    String version = apiVersion.substring(apiVersion.indexOf('/') + 1);
    JsonNode schema = versions.path(version);
    if (schema.isMissingNode()) {
      report.add(
          manifest,
          Reason.VersionNotServed,
          "apiVersion",
          "is " + apiVersion + "; " + manifest.object().group() + " has "
              + versions
                  .propertyStream()
                  .map(one -> one.getKey())
                  .collect(Collectors.joining(", ")),
          "The API server refuses the object",
          "Write the object in one of these versions");
      return;
    }
    JsonNode spec = manifest.node().path("spec");
    List<String> unknown = SchemaFields.unknown(spec, schema, "spec");
    unknown.stream()
        .filter(field -> !report.has(manifest, field))
        .forEach(field -> report.add(
            manifest,
            Reason.NotInSchema,
            field,
            "is no field of " + manifest.object().kind() + " " + version,
            "The API server drops the field, or refuses the object with strict validation",
            "Correct the field's name or its place"));
    List<SchemaProblem> problems = new ArrayList<>(schemas.problems(spec, schema));
    problems.addAll(DefinitionRules.problems(manifest));
    for (SchemaProblem problem : problems) {
      if (!report.has(manifest, problem.path())) {
        report.add(
            manifest,
            Reason.NotInSchema,
            problem.path(),
            problem.message(),
            "The API server refuses the object, so that it has no effect",
            "Correct the field as the message says");
      }
    }
  }
}
