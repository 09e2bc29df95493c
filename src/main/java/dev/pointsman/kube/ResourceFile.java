package dev.pointsman.kube;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file as it was last read.
 *
 * @param settling whether it is broken or empty and was written a moment ago: probably still being written
 */
record ResourceFile(
    Stamp stamp, boolean settling, FileObjects content, List<FileProblem> problems) {
  /** A writer that truncates and then writes is rarely slower than this. */
  private static final Duration SETTLED = Duration.ofMillis(400);

  /** File systems count time in steps: a second write in the same step would leave the same stamp. */
  private static final Duration CLOCK_STEP = Duration.ofMillis(50);

  /** What changes when the file changes. */
  private record Stamp(
      FileTime modified, long size, @Nullable Object key, boolean certain) {
    static Stamp of(BasicFileAttributes attributes, Instant now) {
      return new Stamp(
          attributes.lastModifiedTime(),
          attributes.size(),
          attributes.fileKey(),
          attributes.lastModifiedTime().toInstant().plus(CLOCK_STEP).isBefore(now));
    }

    boolean unchanged(Stamp later) {
      return certain
          && modified.equals(later.modified)
          && size == later.size
          && Objects.equals(key, later.key);
    }
  }

  ResourceFile {
    problems = List.copyOf(problems);
  }

  /** Reads a file, unless it is as it was the last time. */
  static ResourceFile read(
      String name, Path path, BasicFileAttributes attributes, @Nullable ResourceFile last)
      throws IOException {
    Instant now = Instant.now();
    Stamp stamp = Stamp.of(attributes, now);
    if (last != null && !last.settling && last.stamp.unchanged(stamp)) {
      return last;
    }
    byte[] bytes = Files.readAllBytes(path);
    FileObjects content = FileObjects.parse(name, bytes);
    boolean doubtful = bytes.length == 0 || content.syntaxError().isPresent();
    boolean settling = doubtful && stamp.modified.toInstant().plus(SETTLED).isAfter(now);
    FileObjects before = last == null ? FileObjects.NONE : last.content;
    if (settling) {
      return new ResourceFile(stamp, true, before, last == null ? List.of() : last.problems);
    }
    return content.syntaxError().isPresent()
        ? broken(name, stamp, content, last == null ? content : before)
        : new ResourceFile(stamp, false, content, content.problems());
  }

  private static ResourceFile broken(
      String name, Stamp stamp, FileObjects content, FileObjects kept) {
    List<FileProblem> problems = new ArrayList<>(kept.problems());
    String used = kept == content // never read well before: better these than none
        ? "; the documents before that place are used"
        : "; what the file last gave stays";
    problems.add(FileProblem.ofFile(name, content.syntaxError().orElse("") + used));
    return new ResourceFile(stamp, false, kept, problems);
  }
}
