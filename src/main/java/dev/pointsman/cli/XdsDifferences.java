package dev.pointsman.cli;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import com.google.protobuf.Message;
import dev.pointsman.diff.ResourceChange;
import dev.pointsman.page.RedactedXds;
import java.util.List;
import java.util.Optional;

/** Changed resources as unified diffs of their YAML, without what may be a secret. */
final class XdsDifferences {
  private static final int CONTEXT = 3;

  private XdsDifferences() {}

  /** A diff for each resource. */
  static String of(List<ResourceChange> changes) {
    StringBuilder text = new StringBuilder();
    for (ResourceChange change : changes) {
      List<String> before = lines(change.before());
      String name = change.kind() + " " + change.name();
      List<String> difference = UnifiedDiffUtils.generateUnifiedDiff(
          change.before().isPresent() ? name : "/dev/null",
          change.after().isPresent() ? name : "/dev/null",
          before,
          DiffUtils.diff(before, lines(change.after())),
          CONTEXT);
      difference.forEach(line -> text.append(line).append('\n'));
      if (difference.isEmpty()) {
        text.append("--- " + name + "\n+++ " + name + "\n# only parts that are hidden differ\n");
      }
    }
    return text.toString();
  }

  private static List<String> lines(Optional<Message> resource) {
    return resource
        .map(one -> TranslationTree.yaml(RedactedXds.json(one)).lines().toList())
        .orElse(List.of());
  }
}
