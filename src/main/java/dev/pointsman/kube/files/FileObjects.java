package dev.pointsman.kube.files;

import com.google.common.primitives.Bytes;
import dev.pointsman.kube.KubeObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

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

  /** The name of the input. */
  private static final String INPUT = ManifestFiles.INPUT.toString();

  private static final int LARGE = 1 << 16;
  private static final byte[] TEMPLATE = "{{".getBytes(StandardCharsets.UTF_8);

  /** No objects. */
  static final FileObjects NONE = new FileObjects(List.of(), List.of(), Optional.empty());

  FileObjects {
    placed = List.copyOf(placed);
    problems = List.copyOf(problems);
  }

  /** The mappers, created when the first file is read. */
  private static final class Yaml {
    /** The engine's own size of a piece. */
    private static final int PIECE = 1024;

    private static final ObjectReader READER = reader(PIECE);

    // Anchors are resolved (Jackson's plain YAML reader returns an alias as a string), and the
    // file may be longer than the engine's 3 million characters. The engine copies a scalar once
    // for each piece that it has.
    private static ObjectReader reader(int piece) {
      return new ObjectMapper(new YamlParser.Factory(piece))
          .readerFor(JsonNode.class)
          .with(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);
    }
  }

  private static final class Json {
    private static final ObjectReader READER = new JsonMapper().readerFor(JsonNode.class);
  }

  /** Parses a file's content. */
  static FileObjects parse(String file, byte[] content) {
    List<Placed> objects = new ArrayList<>();
    List<FileProblem> problems = new ArrayList<>();
    try (MappingIterator<JsonNode> documents = reader(file, content).readValues(content)) {
      for (int number = 1; documents.hasNextValue(); number++) {
        int line = documents.currentLocation().getLineNr();
        JsonNode document = documents.nextValue();
        MergeKeys.resolve(document);
        if (document instanceof ObjectNode object) {
          flatten(file, new Placed(new KubeObject(object), number - 1, ""), objects, problems);
        } else if (!document.isNull() && !document.isMissingNode()) {
          problems.add(FileProblem.ofFile(
              file, "line " + line + ": document " + number + " is not an object"));
        }
      }
      return new FileObjects(objects, problems, Optional.empty());
    } catch (JacksonException e) {
      return new FileObjects(objects, problems, Optional.of(message(e, content)));
    }
  }

  /** The reader of a file's documents, by the ending of its name; that of the input by its content. */
  static ObjectReader reader(String file, byte[] content) {
    if (file.endsWith(".json") || file.equals(INPUT) && isJson(content)) {
      return Json.READER;
    }
    return content.length <= LARGE ? Yaml.READER : Yaml.reader(content.length);
  }

  private static boolean isJson(byte[] content) {
    try (JsonParser parser = Json.READER.createParser(content)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      parser.skipChildren();
      return true;
    } catch (JacksonException _) {
      return false;
    }
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

  private static String message(JacksonException e, byte[] content) {
    int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
    return (line > 0 ? "line " + line + ": " : "") + words(e, content);
  }

  private static String words(JacksonException e, byte[] content) {
    if (Bytes.indexOf(content, TEMPLATE) >= 0) {
      return "is a template and no YAML: render it first (helm template CHART | pointsman analyze -)";
    }
    String message = String.valueOf(e.getOriginalMessage());
    if (message.contains("CharConversionException")) {
      return "is not in UTF-8";
    }
    if (e.getCause() instanceof MarkedYamlEngineException marked && marked.getProblem() != null) {
      return marked.getProblem();
    }
    String first = message.lines().findFirst().orElse("");
    return first
        .replaceFirst(", from `StreamReadConstraints[^`]*`", "")
        .replaceFirst("^Duplicate Object property (.*)$", "the field $1 is there twice")
        .replaceFirst(
            "^too many events to replay: .*$", "an anchor (&name) has more than 9999 parts")
        .replaceFirst("^invalid alias: (.*)$", "*$1 names an anchor &$1 that is not before it");
  }
}
