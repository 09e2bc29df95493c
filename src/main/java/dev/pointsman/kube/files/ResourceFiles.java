package dev.pointsman.kube.files;

import dev.pointsman.kube.files.ResourceFolder.Contents;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.SnapshotSource;
import dev.pointsman.model.SourceState;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Snapshots from a folder of manifests, read again as the files change: InferencePools, InferenceModels, Pods,
 * Services, EndpointSlices, HTTPRoutes, ReferenceGrants, ConfigMaps with adapters, ConfigMaps and Secrets with
 * {@code ca.crt}. InferencePolicies are sent by Envoy Gateway, which decides their attachment. An unreadable file is
 * logged once, and its last good content stays in use.
 */
public final class ResourceFiles implements SnapshotSource {
  private static final Logger LOG = LoggerFactory.getLogger(ResourceFiles.class);

  /** The interval of passes over the folder. They are cheap, because unchanged files are detected by size and time. */
  private static final Duration POLL = Duration.ofMillis(200);

  /** The interval while a file is probably being written. */
  private static final Duration WRITE_POLL = Duration.ofMillis(100);

  /** The maximum number of problems in {@link #state}; the log has all of them. */
  private static final int MOST_LINES = 20;

  /**
   * The current objects of a folder.
   *
   * @param unused a line for each object that has no effect from a folder
   */
  public record FolderObjects(
      ClusterSnapshot snapshot, List<FileProblem> problems, List<String> unused) {}

  private final Path root;
  private final ResourceFolder folder;
  private volatile ClusterSnapshot current = ClusterSnapshot.EMPTY;
  private volatile List<FileProblem> problems = List.of();
  private List<String> unused = List.of();
  private volatile boolean closed;
  private @Nullable Thread thread;

  /** A source that is not started. */
  public ResourceFiles(Path root) {
    this.root = root;
    this.folder = new ResourceFolder(root);
  }

  /** Reads a folder once, without watching it: for commands that do not keep running. */
  public static FolderObjects read(Path root) throws IOException {
    ResourceFolder.requireFolder(root);
    ResourceFolder folder = new ResourceFolder(root);
    folder.refresh();
    while (folder.isBeingWritten()) { // for seconds at most
      pause();
      folder.refresh();
    }
    Contents contents = folder.contents();
    return new FolderObjects(contents.snapshot(), contents.problems(), contents.unused());
  }

  private static void pause() throws InterruptedIOException {
    try {
      Thread.sleep(50);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("stopped while files were being written");
    }
  }

  @Override
  public ClusterSnapshot get() {
    return current;
  }

  /** The current problems of the files. */
  public List<FileProblem> problems() {
    return problems;
  }

  @Override
  public List<Diagnostic> diagnostics() {
    return problems.stream().map(FileProblem::diagnostic).distinct().toList();
  }

  /** An object that a broken file may have is not known to be missing. */
  @Override
  public boolean isCurrent(String namespace) {
    return current.synced() && problems.isEmpty();
  }

  @Override
  public SourceState state() {
    List<FileProblem> all = problems;
    List<String> lines = new ArrayList<>();
    all.stream().limit(MOST_LINES).map(FileProblem::toString).forEach(lines::add);
    if (all.size() > MOST_LINES) {
      lines.add((all.size() - MOST_LINES) + " more problems of files: see the log");
    }
    SourceState reading = SnapshotSource.super.state();
    return new SourceState(reading.unread(), reading.disconnectedSince(), lines);
  }

  /**
   * Starts reading, on a thread of its own.
   *
   * @throws UncheckedIOException when there is no such folder
   */
  @Override
  public synchronized void start(Consumer<ClusterSnapshot> listener) {
    try {
      ResourceFolder.requireFolder(root);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    thread = Thread.ofPlatform().daemon().name("resource-files").start(() -> run(listener));
  }

  private void run(Consumer<ClusterSnapshot> listener) {
    try {
      while (!closed) {
        look(listener);
        Thread.sleep(folder.isBeingWritten() ? WRITE_POLL : POLL);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  private void look(Consumer<ClusterSnapshot> listener) {
    try {
      boolean changed = folder.refresh();
      // Before the first snapshot, wait for files that are being written: a partial snapshot is
      // worse than none.
      if (current.synced() ? changed : !folder.isBeingWritten()) {
        publish(folder.contents(), listener);
      }
    } catch (RuntimeException e) {
      LOG.error("reading {} failed; retrying", root, e);
    }
  }

  private void publish(Contents contents, Consumer<ClusterSnapshot> listener) {
    Set<FileProblem> known = new HashSet<>(problems);
    contents.problems().stream()
        .filter(problem -> !known.contains(problem))
        .distinct()
        .forEach(problem -> LOG.warn("{}", problem));
    problems = contents.problems();
    Set<String> knownUnused = new HashSet<>(unused);
    contents.unused().stream()
        .filter(line -> !knownUnused.contains(line))
        .forEach(line -> LOG.info("{}", line));
    unused = contents.unused();
    ClusterSnapshot next = contents.snapshot();
    if (!next.equals(current)) {
      current = next;
      LOG.info(
          "{}: files {}, pools {}, pods {}, services {}, of these with endpoint slices {}",
          root,
          contents.files(),
          next.pools().size(),
          next.pods().size(),
          next.services().size(),
          next.slices().size());
      listener.accept(next);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (thread != null) {
      thread.interrupt();
    }
  }
}
