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
record FileObjects(
    List<KubeObject> objects, List<FileProblem> problems, Optional<String> syntaxError) {
  /** No objects. */
  static final FileObjects NONE = new FileObjects(List.of(), List.of(), Optional.empty());

  FileObjects {
    objects = List.copyOf(objects);
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
    List<KubeObject> objects = new ArrayList<>();
    List<FileProblem> problems = new ArrayList<>();
    ObjectReader reader = file.endsWith(".json") ? Json.READER : Yaml.READER;
    try (MappingIterator<JsonNode> documents = reader.readValues(content)) {
      for (int number = 1; documents.hasNextValue(); number++) {
        JsonNode document = documents.nextValue();
        if (document instanceof ObjectNode object) {
          flatten(file, object, objects, problems);
        } else if (!document.isNull() && !document.isMissingNode()) {
          problems.add(FileProblem.ofFile(file, "document " + number + " is not an object"));
        }
      }
      return new FileObjects(objects, problems, Optional.empty());
    } catch (JacksonException e) {
      return new FileObjects(objects, problems, Optional.of(message(e)));
    }
  }

  private static void flatten(
      String file, ObjectNode object, List<KubeObject> objects, List<FileProblem> problems) {
    KubeObject read = new KubeObject(object);
    String kind = read.kind();
    if (kind.isEmpty()) {
      problems.add(new FileProblem(file, read.diagnostic("kind", "is missing")));
    } else if (!kind.endsWith("List") || !object.path("items").isArray()) {
      objects.add(read);
    } else {
      String itemKind = kind.substring(0, kind.length() - "List".length());
      for (JsonNode item : object.path("items")) {
        if (item instanceof ObjectNode itemObject) {
          if (!itemKind.isEmpty()) { // the API server omits both inside a PodList
            itemObject.putIfAbsent("kind", itemObject.stringNode(itemKind));
            itemObject.putIfAbsent("apiVersion", object.path("apiVersion"));
          }
          flatten(file, itemObject, objects, problems);
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
