package dev.pointsman.kube.files;

import dev.pointsman.model.ClusterSnapshot;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A folder of YAML and JSON files; changed files are read again. One thread uses it. */
final class ResourceFolder {
  private static final int MAX_DEPTH = 32;

  private final Path root;
  private SortedMap<String, ResourceFile> files = new TreeMap<>();
  private SortedMap<String, FileProblem> unreadable = new TreeMap<>();

  ResourceFolder(Path root) {
    this.root = root;
  }

  /** Checks that the folder exists at the start: a wrong path is a user's mistake, not an empty cluster. */
  static void requireFolder(Path root) throws IOException {
    if (!Files.exists(root)) {
      throw new NoSuchFileException(root.toString());
    }
    if (!Files.isDirectory(root)) {
      throw new NotDirectoryException(root.toString());
    }
  }

  /**
   * Reads the changed files.
   *
   * @return whether the contents may have changed
   */
  boolean refresh() {
    Walk walk = new Walk();
    try {
      Files.walkFileTree(root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), MAX_DEPTH, walk);
    } catch (IOException e) {
      walk.fail(root, e);
    }
    boolean changed = !walk.found.equals(files) || !walk.failed.equals(unreadable);
    files = walk.found;
    unreadable = walk.failed;
    return changed;
  }

  /** Whether a file is probably being written, so that the folder should be read again soon. */
  boolean isBeingWritten() {
    return files.values().stream().anyMatch(ResourceFile::beingWritten);
  }

  /** The contents of all files, sorted by file name. */
  Contents contents() {
    Inventory inventory = new Inventory();
    List<FileProblem> problems = new ArrayList<>(unreadable.values());
    files.forEach((name, file) -> {
      problems.addAll(file.problems());
      file.content().placed().forEach(one -> inventory.add(name, one.object()));
    });
    problems.addAll(inventory.problems());
    return new Contents(inventory.snapshot(), problems, inventory.unused(), files.size());
  }

  /**
   * The contents of the folder.
   *
   * @param unused a line for each object that has no effect from a folder
   */
  record Contents(
      ClusterSnapshot snapshot, List<FileProblem> problems, List<String> unused, int files) {
    Contents {
      problems = List.copyOf(problems);
      unused = List.copyOf(unused);
    }
  }

  /** One pass over the folder. */
  private final class Walk extends SimpleFileVisitor<Path> {
    private final SortedMap<String, ResourceFile> found = new TreeMap<>();
    private final SortedMap<String, FileProblem> failed = new TreeMap<>();

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      if (!folder.equals(root) && isHidden(folder)) {
        return FileVisitResult
            .SKIP_SUBTREE; // includes ..data of a mounted ConfigMap, whose files are linked beside
        // it
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      String name = root.relativize(file).toString();
      if (isHidden(file) || !name.matches("(?i).*\\.(ya?ml|json)") || !attributes.isRegularFile()) {
        return FileVisitResult.CONTINUE;
      }
      try {
        found.put(name, ResourceFile.read(name, file, attributes, files.get(name)));
      } catch (NoSuchFileException e) {
        // deleted between listing and reading
      } catch (IOException e) {
        fail(file, e);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path path, IOException e) {
      if (!path.equals(root)
          && (e instanceof NoSuchFileException || e instanceof FileSystemLoopException)) {
        return FileVisitResult.CONTINUE;
      }
      fail(path, e);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) {
      if (e != null) {
        fail(folder, e);
      }
      return FileVisitResult.CONTINUE;
    }

    /** Keeps the last content of an unreadable path: lost hosts are worse than stale ones. */
    private void fail(Path path, IOException e) {
      String name = root.relativize(path).toString();
      String prefix = name.isEmpty() ? "" : name + "/";
      files.forEach((file, last) -> {
        if (file.equals(name) || file.startsWith(prefix)) {
          found.putIfAbsent(file, last);
        }
      });
      String what = name.isEmpty() ? root.toString() : name;
      failed.put(
          what,
          FileProblem.ofFile(
              what, "cannot be read (" + reason(e) + "); its last good content stays in use"));
    }

    private static String reason(IOException e) {
      return e instanceof NoSuchFileException
          ? "it does not exist"
          : e.getClass().getSimpleName();
    }

    private static boolean isHidden(Path path) {
      Path name = path.getFileName();
      return name != null && name.toString().startsWith(".");
    }
  }
}
