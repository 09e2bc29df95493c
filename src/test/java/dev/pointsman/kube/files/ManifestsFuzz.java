package dev.pointsman.kube.files;

import dev.pointsman.analyze.Analyzer;
import dev.pointsman.analyze.Finding;
import dev.pointsman.analyze.FindingRendering;
import dev.pointsman.analyze.Known;
import dev.pointsman.analyze.SarifRendering;
import dev.pointsman.fuzz.FuzzInput;
import dev.pointsman.kube.Manifest;
import dev.pointsman.kube.files.ManifestFiles.FoundManifests;
import dev.pointsman.model.Diagnostic;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Manifests of users, as YAML or JSON: the server's snapshot comes of them, {@code analyze} finds what it finds, and its
 * findings are lines, JSON and SARIF.
 */
public final class ManifestsFuzz {
  private static final List<String> FILES = List.of("a.yaml", "dir/b c#%.json", "-");
  private static final JsonMapper JSON = JsonMapper.shared();

  private ManifestsFuzz() {}

  /** One input. */
  public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
    FuzzInput input = new FuzzInput(bytes);
    String file = FILES.get(input.below(FILES.size()));
    byte[] content = input.rest();
    FileObjects objects = FileObjects.parse(file, content);
    Inventory inventory = new Inventory();
    objects.placed().forEach(placed -> inventory.add(file, placed.object()));
    var _ = inventory.snapshot().pools();
    inventory.problems().forEach(problem -> check(problem.diagnostic()));
    FoundManifests found =
        ManifestFiles.read(List.of(Path.of("-")), new ByteArrayInputStream(content));
    List<Manifest> manifests = new ArrayList<>();
    found.manifests().forEach(one -> manifests.add(new Manifest(one.object(), file, one.lines())));
    List<Finding> findings = Analyzer.analyze(manifests, Known.FILES, new TreeMap<>());
    findings.forEach(finding -> check(finding.diagnostic()));
    check(findings, file);
  }

  private static void check(List<Finding> findings, String file) {
    String text = FindingRendering.text(findings, 1);
    if (text.lines().anyMatch(line -> line.codePoints().anyMatch(Character::isISOControl))) {
      throw new AssertionError("control characters among the findings: " + text);
    }
    JsonNode json = JSON.readTree(FindingRendering.json(findings)).path("findings");
    JsonNode results = JSON.readTree(SarifRendering.of(findings, "1")).at("/runs/0/results");
    if (json.size() != findings.size() || results.size() != findings.size()) {
      throw new AssertionError("findings are lost");
    }
    for (JsonNode result : results) {
      JsonNode place = result.at("/locations/0/physicalLocation");
      if (!place.isMissingNode()) {
        String uri = place.at("/artifactLocation/uri").asString("");
        if (!URI.create(uri).getPath().equals(file)
            || place.at("/region/startLine").asInt() < 1) {
          throw new AssertionError("no place: " + place);
        }
      }
    }
  }

  private static void check(Diagnostic diagnostic) {
    if (diagnostic.toString().codePoints().anyMatch(Character::isISOControl)) {
      throw new AssertionError("a diagnostic breaks its line: " + diagnostic);
    }
  }
}
