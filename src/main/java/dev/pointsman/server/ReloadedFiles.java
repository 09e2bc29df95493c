package dev.pointsman.server;

import dev.pointsman.config.BadInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that belong together, such as a certificate and its key, taken over whenever they have changed and are good.
 * They are read, not watched: a mounted Secret changes by swapping a symbolic link elsewhere, and they are small.
 */
final class ReloadedFiles {
  private static final Logger LOG = LoggerFactory.getLogger(ReloadedFiles.class);

  /** Takes the files over. */
  interface Loader {
    /**
     * Uses new contents.
     *
     * @throws BadInput when they cannot be used; nothing may have changed then
     */
    void load(Map<Path, byte[]> contents);
  }

  /** What became of a look at the files. */
  enum Look {
    UNCHANGED,
    /** They differ from what is used, but may still be in the middle of a change. */
    SETTLING,
    LOADED,
    REFUSED
  }

  /** The contents, or why there are none. Two are equal when nothing has changed between them. */
  private record Seen(List<byte[]> contents, String problem) {
    boolean same(Seen other) {
      return problem.equals(other.problem)
          && Arrays.deepEquals(contents.toArray(), other.contents.toArray());
    }
  }

  private final List<Path> files;
  private final Loader loader;
  private Seen used;
  private Seen last;
  private Optional<Seen> refused = Optional.empty();

  private ReloadedFiles(List<Path> files, Loader loader, Seen used) {
    this.files = files;
    this.loader = loader;
    this.used = used;
    this.last = used;
  }

  /**
   * Loads the files for the first time.
   *
   * @throws BadInput when they are missing or cannot be used
   */
  static ReloadedFiles load(List<Path> files, Loader loader) {
    ReloadedFiles loaded = new ReloadedFiles(files, loader, read(files));
    loaded.use(loaded.used);
    return loaded;
  }

  /** Looks whether the files have changed. Contents that are seen twice are complete: files are not replaced at once. */
  Look look() {
    Seen now = read(files);
    if (now.same(used)) {
      last = now;
      refused = Optional.empty();
      return Look.UNCHANGED;
    }
    if (!now.same(last)) {
      last = now;
      return Look.SETTLING;
    }
    if (refused.filter(now::same).isPresent()) {
      return Look.UNCHANGED;
    }
    try {
      use(now);
    } catch (BadInput e) {
      refused = Optional.of(now);
      LOG.error(
          "{}: going on with what was read before, which holds until it expires", e.getMessage());
      return Look.REFUSED;
    }
    used = now;
    refused = Optional.empty();
    LOG.info("{}: changed, in use for new connections", files.getFirst());
    return Look.LOADED;
  }

  private void use(Seen seen) {
    if (!seen.problem().isEmpty()) {
      throw new BadInput(seen.problem());
    }
    Map<Path, byte[]> contents = new HashMap<>();
    for (int i = 0; i < files.size(); i++) {
      contents.put(files.get(i), seen.contents().get(i));
    }
    loader.load(contents);
  }

  private static Seen read(List<Path> files) {
    Path current = files.getFirst();
    try {
      byte[][] contents = new byte[files.size()][];
      for (int i = 0; i < contents.length; i++) {
        current = files.get(i);
        contents[i] = Files.readAllBytes(current);
      }
      return new Seen(List.of(contents), "");
    } catch (NoSuchFileException e) {
      return new Seen(List.of(), current + ": there is no such file");
    } catch (IOException e) {
      return new Seen(List.of(), current + ": cannot be read (" + e + ")");
    }
  }
}
