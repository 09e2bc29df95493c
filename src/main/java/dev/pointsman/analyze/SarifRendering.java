package dev.pointsman.analyze;

import com.google.common.net.UrlEscapers;
import dev.pointsman.model.Diagnostic.Level;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.ObjectRef;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Findings in the Static Analysis Results Interchange Format (SARIF) 2.1.0, which code scanning reads. */
public final class SarifRendering {
  /** The name of the standard input, which has no place in a repository. */
  private static final String INPUT = "-";

  private SarifRendering() {}

  /**
   * One run.
   *
   * @param version of this program
   */
  public static String of(List<Finding> findings, String version) {
    ObjectNode log = FindingRendering.JSON.createObjectNode();
    log.put("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    log.put("version", "2.1.0");
    ObjectNode run = log.putArray("runs").addObject();
    ObjectNode driver = run.putObject("tool").putObject("driver");
    driver.put("name", "pointsman analyze").put("version", version);
    List<Reason> rules = List.copyOf(
        findings.stream().map(Finding::reason).collect(Collectors.toCollection(TreeSet::new)));
    ArrayNode described = driver.putArray("rules");
    for (Reason rule : rules) {
      ObjectNode one = described.addObject().put("id", rule.code()).put("name", rule.name());
      one.putObject("shortDescription").put("text", rule.title() + ".");
      one.putObject("defaultConfiguration").put("level", level(rule.level()));
    }
    ArrayNode results = run.putArray("results");
    for (Finding finding : findings) {
      add(results.addObject(), finding, rules.indexOf(finding.reason()));
    }
    return FindingRendering.JSON.writeValueAsString(log) + "\n";
  }

  private static void add(ObjectNode result, Finding finding, int rule) {
    ObjectRef object = finding.diagnostic().about();
    result.put("ruleId", finding.reason().code()).put("ruleIndex", rule);
    result.put("level", level(finding.reason().level()));
    result
        .putObject("message")
        .put(
            "text",
            finding.diagnostic().subject() + " "
                + finding.diagnostic().message() + ". Effect: " + finding.effect() + ". Remedy: "
                + finding.remedy() + ".");
    ObjectNode location = result.putArray("locations").addObject();
    if (!finding.file().isEmpty() && !finding.file().equals(INPUT)) {
      ObjectNode physical = location.putObject("physicalLocation");
      physical.putObject("artifactLocation").put("uri", uri(finding.file()));
      physical.putObject("region").put("startLine", finding.line());
    }
    location
        .putArray("logicalLocations")
        .addObject()
        .put("fullyQualifiedName", object.toString())
        .put("kind", "resource");
  }

  private static String level(Level level) {
    return switch (level) {
      case Error -> "error";
      case Warning -> "warning";
      case Info -> "note";
    };
  }

  /** The path as a reference of RFC 3986. */
  private static String uri(String file) {
    String path = UrlEscapers.urlFragmentEscaper().escape(file.replace('\\', '/'));
    return path.startsWith("/") ? "file://" + path : path;
  }
}
