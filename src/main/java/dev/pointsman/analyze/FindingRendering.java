package dev.pointsman.analyze;

import dev.pointsman.model.Diagnostic.Level;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.model.UserStrings;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Findings as text and as JSON. */
public final class FindingRendering {
  static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private FindingRendering() {}

  /**
   * The findings as paragraphs, and a line with their numbers.
   *
   * @param objects the number of objects that were analyzed
   */
  public static String text(List<Finding> findings, int objects) {
    StringBuilder text = new StringBuilder();
    for (Finding finding : findings) {
      String place = finding.file().isEmpty()
          ? ""
          : UserStrings.legible(finding.file()) + ":" + finding.line() + ": ";
      text.append("%s%s %s %s%n"
          .formatted(place, finding.reason().level(), finding.reason().code(), finding.reason()));
      text.append("  %s %s%n"
          .formatted(finding.diagnostic().subject(), finding.diagnostic().message()));
      text.append("  Effect: %s.%n".formatted(finding.effect()));
      text.append("  Remedy: %s.%n%n".formatted(finding.remedy()));
    }
    return text + "Analyzed " + counted(objects, "object") + ": " + counts(findings) + ".\n";
  }

  private static String counts(List<Finding> findings) {
    String counts = Stream.of(Level.values())
        .map(level -> {
          int count = (int)
              findings.stream().filter(one -> one.reason().level() == level).count();
          return count == 0 ? "" : counted(count, level.name().toLowerCase(Locale.ROOT));
        })
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining(", "));
    return counts.isEmpty() ? "no findings" : counts;
  }

  private static String counted(int count, String what) {
    return count + " " + what + (count == 1 || what.equals("info") ? "" : "s");
  }

  /** The findings as {@code {"findings": [...]}}. */
  public static String json(List<Finding> findings) {
    ObjectNode root = JSON.createObjectNode();
    var list = root.putArray("findings");
    for (Finding finding : findings) {
      ObjectRef object = finding.diagnostic().about();
      list.addObject()
          .put("code", finding.reason().code())
          .put("reason", finding.reason().name())
          .put("level", finding.reason().level().name())
          .put("kind", object.kind())
          .put("namespace", object.namespace())
          .put("name", object.name())
          .put("file", finding.file())
          .put("line", finding.line())
          .put("field", finding.diagnostic().field())
          .put("message", finding.diagnostic().message())
          .put("effect", finding.effect())
          .put("remedy", finding.remedy());
    }
    return JSON.writeValueAsString(root) + "\n";
  }
}
