package dev.pointsman.kube.files;

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
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The last reading of a file.
 *
 * @param good whether the content is from a reading without a syntax error, now or before
 * @param beingWritten whether it is broken or empty and was just modified: probably still being written
 * @param unsettledSince the time, in nanoseconds, since which it is broken or empty and just modified at each reading
 */
record ResourceFile(
    Stamp stamp,
    boolean good,
    boolean beingWritten,
    OptionalLong unsettledSince,
    FileObjects content,
    List<FileProblem> problems) {
  /** The longest usual pause of a writer that truncates a file and then writes it. */
  private static final Duration SETTLED = Duration.ofMillis(400);

  /** The longest wait for a writer; a file may be modified all the time. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

  /** The resolution of timestamps in file systems: a second write within it leaves the timestamp unchanged. */
  private static final Duration CLOCK_STEP = Duration.ofMillis(50);

  /** The attributes that change with the content of a file. */
  record Stamp(FileTime modified, long size, @Nullable Object key, boolean certain) {
    static Stamp of(BasicFileAttributes attributes, Instant now) {
      return new Stamp(
          attributes.lastModifiedTime(),
          attributes.size(),
          attributes.fileKey(),
          attributes.lastModifiedTime().toInstant().plus(CLOCK_STEP).isBefore(now));
    }

    /** Whether it was just modified. A time in the future is of another clock. */
    private boolean isRecent(Instant now) {
      return Duration.between(modified.toInstant(), now).abs().compareTo(SETTLED) < 0;
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

  /** Reads a file, unless it is unchanged since the last reading. */
  static ResourceFile read(
      String name, Path path, BasicFileAttributes attributes, @Nullable ResourceFile last)
      throws IOException {
    Instant now = Instant.now();
    Stamp stamp = Stamp.of(attributes, now);
    if (last != null && !last.beingWritten && last.stamp.unchanged(stamp)) {
      return last;
    }
    byte[] bytes = Files.readAllBytes(path);
    FileObjects content = FileObjects.parse(name, bytes);
    boolean doubtful = bytes.length == 0 || content.syntaxError().isPresent();
    OptionalLong unsettledSince = doubtful && stamp.isRecent(now)
        ? last != null && last.unsettledSince.isPresent()
            ? last.unsettledSince
            : OptionalLong.of(System.nanoTime())
        : OptionalLong.empty();
    boolean beingWritten = unsettledSince.isPresent()
        && System.nanoTime() - unsettledSince.getAsLong() < LONGEST_WAIT.toNanos();
    ResourceFile lastGood = last != null && last.good ? last : null;
    if (beingWritten) {
      return lastGood != null
          ? new ResourceFile(stamp, true, true, unsettledSince, lastGood.content, lastGood.problems)
          : new ResourceFile(stamp, false, true, unsettledSince, FileObjects.NONE, List.of());
    }
    if (content.syntaxError().isEmpty()) {
      return new ResourceFile(stamp, true, false, unsettledSince, content, content.problems());
    }
    return lastGood != null
        ? broken(
            name,
            stamp,
            unsettledSince,
            lastGood.content,
            content,
            "; the last good content of the file stays in use")
        : broken(
            name,
            stamp,
            unsettledSince,
            content,
            content,
            "; the documents before that position are used");
  }

  private static ResourceFile broken(
      String name,
      Stamp stamp,
      OptionalLong unsettledSince,
      FileObjects used,
      FileObjects read,
      String consequence) {
    List<FileProblem> problems = new ArrayList<>(used.problems());
    problems.add(FileProblem.ofFile(name, read.syntaxError().orElse("") + consequence));
    boolean good = used.syntaxError().isEmpty();
    return new ResourceFile(stamp, good, false, unsettledSince, used, problems);
  }
}
