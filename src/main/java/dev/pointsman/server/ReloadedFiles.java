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
 * A group of files, such as a certificate and its key, that is reloaded when it has changed and is valid. The files are
 * polled, not watched: a mounted Secret changes by swapping a symbolic link elsewhere, and the files are small.
 */
final class ReloadedFiles {
  private static final Logger LOG = LoggerFactory.getLogger(ReloadedFiles.class);

  /** Loads the contents of the files. */
  interface Loader {
    /**
     * Applies new contents.
     *
     * @throws BadInput when they are invalid; the old contents must stay in use then
     */
    void load(Map<Path, byte[]> contents);
  }

  /** The result of a poll. */
  enum Poll {
    UNCHANGED,
    /** The files have changed, but a writer may not have finished. */
    CHANGING,
    LOADED,
    REFUSED
  }

  /** The contents of the files, or the problem of reading them. */
  private record ReadResult(List<byte[]> contents, String problem) {
    boolean same(ReadResult other) {
      return problem.equals(other.problem)
          && Arrays.deepEquals(contents.toArray(), other.contents.toArray());
    }
  }

  private final List<Path> files;
  private final Loader loader;
  private ReadResult used;
  private ReadResult last;
  private Optional<ReadResult> refused = Optional.empty();

  private ReloadedFiles(List<Path> files, Loader loader, ReadResult used) {
    this.files = files;
    this.loader = loader;
    this.used = used;
    this.last = used;
  }

  /**
   * Loads the files for the first time.
   *
   * @throws BadInput when they are missing or invalid
   */
  static ReloadedFiles load(List<Path> files, Loader loader) {
    ReloadedFiles loaded = new ReloadedFiles(files, loader, read(files));
    loaded.use(loaded.used);
    return loaded;
  }

  /**
   * Reloads the files if they have changed. Contents are complete if two consecutive polls read the same: files are not
   * replaced atomically.
   */
  Poll poll() {
    ReadResult now = read(files);
    if (now.same(used)) {
      last = now;
      refused = Optional.empty();
      return Poll.UNCHANGED;
    }
    if (!now.same(last)) {
      last = now;
      return Poll.CHANGING;
    }
    if (refused.filter(now::same).isPresent()) {
      return Poll.UNCHANGED;
    }
    try {
      use(now);
    } catch (BadInput e) {
      refused = Optional.of(now);
      LOG.error("{}: the previous contents stay in use until they expire", e.getMessage());
      return Poll.REFUSED;
    }
    used = now;
    refused = Optional.empty();
    LOG.info("{}: changed, in use for new connections", files.getFirst());
    return Poll.LOADED;
  }

  private void use(ReadResult reading) {
    if (!reading.problem().isEmpty()) {
      throw new BadInput(reading.problem());
    }
    Map<Path, byte[]> contents = new HashMap<>();
    for (int i = 0; i < files.size(); i++) {
      contents.put(files.get(i), reading.contents().get(i));
    }
    loader.load(contents);
  }

  private static ReadResult read(List<Path> files) {
    Path current = files.getFirst();
    try {
      byte[][] contents = new byte[files.size()][];
      for (int i = 0; i < contents.length; i++) {
        current = files.get(i);
        contents[i] = Files.readAllBytes(current);
      }
      return new ReadResult(List.of(contents), "");
    } catch (NoSuchFileException e) {
      return new ReadResult(List.of(), current + ": there is no such file");
    } catch (IOException e) {
      return new ReadResult(List.of(), current + ": cannot be read (" + e + ")");
    }
  }
}
