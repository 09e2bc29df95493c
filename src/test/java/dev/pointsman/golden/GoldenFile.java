package dev.pointsman.golden;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file that holds what is expected. With {@code -Dgolden.update=true} it is written instead of compared. */
public record GoldenFile(Path path) {
  private static final int CONTEXT = 3;
  private static final int LONGEST_DIFF = 60;

  /** The file has this content; there is no file when there is nothing to say. */
  public void assertIs(String actual) {
    try {
      if (Boolean.getBoolean("golden.update")) {
        update(actual);
        return;
      }
      String expected = Files.exists(path) ? Files.readString(path) : "";
      if (!expected.equals(actual)) {
        fail(path + " differs (- is the file, + is now). If that is right: hack/golden.sh\n"
            + diff(expected.lines().toList(), actual.lines().toList()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void update(String actual) throws IOException {
    if (actual.isEmpty()) {
      Files.deleteIfExists(path);
    } else if (!Files.exists(path) || !Files.readString(path).equals(actual)) {
      Files.writeString(path, actual);
    }
  }

  /** The lines between the common beginning and the common end. */
  static String diff(List<String> before, List<String> after) {
    int shorter = Math.min(before.size(), after.size());
    int begin = 0;
    while (begin < shorter && before.get(begin).equals(after.get(begin))) {
      begin++;
    }
    int end = 0;
    while (end < shorter - begin
        && before.get(before.size() - 1 - end).equals(after.get(after.size() - 1 - end))) {
      end++;
    }
    StringBuilder diff = new StringBuilder("@@ line " + (begin + 1) + " @@\n");
    before
        .subList(Math.max(0, begin - CONTEXT), begin)
        .forEach(line -> diff.append("  " + line + "\n"));
    append(diff, "- ", before.subList(begin, before.size() - end));
    append(diff, "+ ", after.subList(begin, after.size() - end));
    return diff.toString();
  }

  private static void append(StringBuilder diff, String sign, List<String> lines) {
    lines.stream().limit(LONGEST_DIFF).forEach(line -> diff.append(sign + line + "\n"));
    if (lines.size() > LONGEST_DIFF) {
      diff.append(sign + "... " + (lines.size() - LONGEST_DIFF) + " more lines\n");
    }
  }
}
