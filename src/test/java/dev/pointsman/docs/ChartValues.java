package dev.pointsman.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The values of the chart with their comments, by {@code values.yaml}. */
final class ChartValues {
  private static final Path FILE = Path.of("charts/pointsman/values.yaml");
  private static final Pattern KEY = Pattern.compile("( *)([\\w.]+):(?: (.*))?");

  /** A key and its indentation. */
  private record Parent(int indent, String name) {}

  private final StringBuilder rows = new StringBuilder();
  private final Deque<Parent> parents = new ArrayDeque<>();
  private final List<String> comment = new ArrayList<>();

  private ChartValues() {}

  static String table() throws IOException {
    ChartValues values = new ChartValues();
    Files.readAllLines(FILE).forEach(values::read);
    return "| value | default | meaning |\n|---|---|---|\n" + values.rows;
  }

  private void read(String line) {
    Matcher key = KEY.matcher(line);
    if (line.strip().startsWith("#")) {
      comment.add(line.strip().replaceFirst("^#( --)? ?", "").strip());
    } else if (key.matches()) {
      append(key.group(1).length(), key.group(2), key.group(3) == null ? "" : key.group(3));
      comment.clear();
    } else {
      comment.clear();
    }
  }

  private void append(int indent, String key, String rest) {
    while (!parents.isEmpty() && parents.peek().indent() >= indent) {
      parents.pop();
    }
    int hash = rest.startsWith("#") ? 0 : rest.indexOf(" #");
    String value = (hash < 0 ? rest : rest.substring(0, hash)).strip();
    if (hash >= 0) {
      comment.add(rest.substring(hash).replaceFirst("^ *# ?", ""));
    }
    String path = parents.isEmpty() ? key : parents.peek().name() + "." + key;
    if (!value.isEmpty() || !comment.isEmpty()) {
      rows.append("| `%s` | %s | %s |\n"
          .formatted(
              path,
              value.isEmpty() ? "" : "`" + value + "`",
              String.join(" ", comment).replaceAll("\\s+", " ").replace("|", "\\|")));
    }
    parents.push(new Parent(indent, path));
  }
}
