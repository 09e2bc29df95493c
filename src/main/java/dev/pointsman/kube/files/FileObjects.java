package dev.pointsman.kube.files;

import dev.pointsman.kube.KubeObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLAnchorReplayingFactory;

/**
 * The objects in one file: all its documents, with lists expanded.
 *
 * @param syntaxError the reason why reading ended early; the objects are the ones before that position
 */
record FileObjects(List<Placed> placed, List<FileProblem> problems, Optional<String> syntaxError) {
  /**
   * An object and its place.
   *
   * @param document the number of its document in the file, from 0
   * @param path of it in the document; empty for the whole document
   */
  record Placed(KubeObject object, int document, String path) {}

  /** No objects. */
  static final FileObjects NONE = new FileObjects(List.of(), List.of(), Optional.empty());

  FileObjects {
    placed = List.copyOf(placed);
    problems = List.copyOf(problems);
  }

  /** The mappers, created when the first file is read. */
  private static final class Yaml {
    // Anchors are resolved (Jackson's plain YAML reader returns an alias as a string), and the
    // file may be longer than the engine's 3 million characters.
    private static final ObjectReader READER = new ObjectMapper(YAMLAnchorReplayingFactory.builder()
            .loadSettings(
                LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).build())
            .build())
        .readerFor(JsonNode.class);
  }

  private static final class Json {
    private static final ObjectReader READER = new JsonMapper().readerFor(JsonNode.class);
  }

  /** Parses a file's content. */
  static FileObjects parse(String file, byte[] content) {
    List<Placed> objects = new ArrayList<>();
    List<FileProblem> problems = new ArrayList<>();
    try (MappingIterator<JsonNode> documents = reader(file).readValues(content)) {
      for (int number = 1; documents.hasNextValue(); number++) {
        JsonNode document = documents.nextValue();
        if (document instanceof ObjectNode object) {
          flatten(file, new Placed(new KubeObject(object), number - 1, ""), objects, problems);
        } else if (!document.isNull() && !document.isMissingNode()) {
          problems.add(FileProblem.ofFile(file, "document " + number + " is not an object"));
        }
      }
      return new FileObjects(objects, problems, Optional.empty());
    } catch (JacksonException e) {
      return new FileObjects(objects, problems, Optional.of(message(e)));
    }
  }

  /** The reader of a file's documents, by the ending of its name. */
  static ObjectReader reader(String file) {
    return file.endsWith(".json") ? Json.READER : Yaml.READER;
  }

  private static void flatten(
      String file, Placed placed, List<Placed> objects, List<FileProblem> problems) {
    KubeObject read = placed.object();
    String kind = read.kind();
    JsonNode items = read.node().path("items");
    if (kind.isEmpty()) {
      problems.add(new FileProblem(file, read.diagnostic("kind", "is missing")));
    } else if (!kind.endsWith("List") || !items.isArray()) {
      objects.add(placed);
    } else {
      String itemKind = kind.substring(0, kind.length() - "List".length());
      for (int i = 0; i < items.size(); i++) {
        if (items.path(i) instanceof ObjectNode item) {
          if (!itemKind.isEmpty()) { // the API server omits both inside a PodList
            item.putIfAbsent("kind", item.stringNode(itemKind));
            item.putIfAbsent("apiVersion", read.node().path("apiVersion"));
          }
          String path = (placed.path().isEmpty() ? "" : placed.path() + ".") + "items[" + i + "]";
          flatten(
              file, new Placed(new KubeObject(item), placed.document(), path), objects, problems);
        } else {
          problems.add(
              new FileProblem(file, read.diagnostic("items", "has an item that is no object")));
        }
      }
    }
  }

  private static String message(JacksonException e) {
    String message = String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
    int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
    return line > 0 ? "line " + line + ": " + message : message;
  }
}
