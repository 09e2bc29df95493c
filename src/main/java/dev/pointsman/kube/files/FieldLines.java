package dev.pointsman.kube.files;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.ObjectReader;

/**
 * The lines of the fields of each document of a file, by the marks of the YAML or JSON parser. A field with a very long path has
 * none: all paths together would be longer than the file by far.
 */
final class FieldLines {
  private static final int LONGEST_PATH = 1_000;

  private final SortedMap<String, Integer> lines = new TreeMap<>();

  private FieldLines() {}

  /**
   * Reads the documents of a file up to the first syntax error.
   *
   * @return for each document that is not empty the lines, from 1, by the paths of the fields
   */
  static List<SortedMap<String, Integer>> of(ObjectReader reader, byte[] content) {
    List<SortedMap<String, Integer>> documents = new ArrayList<>();
    try (JsonParser parser = reader.createParser(content)) {
      JsonToken token = parser.nextToken();
      if (token == JsonToken.START_ARRAY) { // its elements are read as documents
        token = parser.nextToken();
      }
      for (; token != null && token != JsonToken.END_ARRAY; token = parser.nextToken()) {
        FieldLines document = new FieldLines();
        documents.add(document.lines);
        document.value(parser, "", line(parser), false);
      }
    } catch (JacksonException _) {
      return documents; // reported by the reading of the objects
    }
    return documents;
  }

  /** The lines of the part of a document below a path, by the paths from there. */
  static SortedMap<String, Integer> below(SortedMap<String, Integer> document, String path) {
    if (path.isEmpty()) {
      return document;
    }
    SortedMap<String, Integer> part = new TreeMap<>();
    part.put("", document.getOrDefault(path, 0));
    document
        .subMap(path + ".", path + "/") // the character after the dot
        .forEach((field, line) -> part.put(field.substring(path.length() + 1), line));
    return part;
  }

  /**
   * Takes the lines of a value.
   *
   * @param merged whether it is from a merge key, so that a mapping's own fields count
   */
  private void value(JsonParser parser, String path, int line, boolean merged) {
    if (path.length() > LONGEST_PATH) {
      parser.skipChildren();
      return;
    }
    if (merged) {
      lines.putIfAbsent(path, line);
    } else {
      lines.put(path, line);
    }
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        int named = line(parser);
        parser.nextToken();
        if (name.startsWith(MergeKeys.PREFIX)) {
          mergeKey(parser, path);
        } else {
          value(parser, path.isEmpty() ? name : path + "." + name, named, merged);
        }
      }
    } else if (parser.currentToken() == JsonToken.START_ARRAY) {
      for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
        value(parser, path + "[" + i + "]", line(parser), merged);
      }
    }
  }

  private void mergeKey(JsonParser parser, String path) {
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        value(parser, path, line(parser), true);
      }
    } else {
      value(parser, path, line(parser), true);
    }
  }

  private static int line(JsonParser parser) {
    return parser.currentTokenLocation().getLineNr();
  }
}
