package dev.pointsman.kube.files;

import dev.pointsman.kube.Manifest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads the manifests of files and folders once, with the lines of their fields. */
public final class ManifestFiles {
  /** The path that stands for the input. */
  public static final Path INPUT = Path.of("-");

  private static final int MAX_DEPTH = 32;

  private final List<Manifest> manifests = new ArrayList<>();
  private final List<FileProblem> problems = new ArrayList<>();

  private ManifestFiles() {}

  /**
   * The objects of some files.
   *
   * @param problems of files that are not manifests in a part
   */
  public record FoundManifests(List<Manifest> manifests, List<FileProblem> problems) {
    public FoundManifests {
      manifests = List.copyOf(manifests);
      problems = List.copyOf(problems);
    }
  }

  /**
   * Reads files and folders. Documents without a kind, such as values of a chart, are passed over.
   *
   * @param paths of files and folders; {@code -} is the input
   * @throws IOException if one cannot be read
   */
  public static FoundManifests read(List<Path> paths, InputStream input) throws IOException {
    ManifestFiles files = new ManifestFiles();
    for (Path path : paths) {
      try {
        files.read(path, input);
      } catch (OutOfMemoryError | StackOverflowError e) {
        throw new IOException(path + " is too large, or nested too deeply", e);
      }
    }
    return new FoundManifests(files.manifests, files.problems);
  }

  private void read(Path path, InputStream input) throws IOException {
    if (path.equals(INPUT)) {
      add(path, input.readAllBytes());
    } else if (Files.isDirectory(path)) {
      for (Path file : below(path)) {
        add(file, Files.readAllBytes(file));
      }
    } else {
      add(path, Files.readAllBytes(path));
    }
  }

  private static List<Path> below(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), MAX_DEPTH, new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof FileSystemLoopException) {
              return FileVisitResult.CONTINUE; // a link to a folder above it, which is read once
            }
            throw e;
          }
        });
    return files.stream()
        .filter(file -> file.toString().matches("(?i).*\\.(ya?ml|json)"))
        .filter(file -> !isHidden(folder.relativize(file)))
        .sorted()
        .toList();
  }

  private static boolean isHidden(Path file) {
    return Stream.iterate(file, path -> path != null, Path::getParent)
        .anyMatch(path -> path.getFileName().toString().startsWith("."));
  }

  /** Removes fields without a value ({@code hostnames:}), as the API server does before it validates. */
  private static void removeEmpty(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.removeIf(JsonNode::isNull);
    }
    node.values().forEach(ManifestFiles::removeEmpty);
  }

  private void add(Path file, byte[] content) {
    String name = file.toString();
    FileObjects read = FileObjects.parse(name, content);
    List<SortedMap<String, Integer>> lines =
        FieldLines.of(FileObjects.reader(name, content), content);
    for (FileObjects.Placed placed : read.placed()) {
      removeEmpty(placed.object().node());
      manifests.add(new Manifest(
          placed.object(), name, FieldLines.below(lines.get(placed.document()), placed.path())));
    }
    read.problems().stream()
        .filter(problem -> !problem.diagnostic().field().equals("kind"))
        .forEach(problems::add);
    read.syntaxError()
        .ifPresent(error -> problems.add(
            FileProblem.ofFile(name, error + "; the documents before that position are analyzed")));
  }
}
