package dev.pointsman.kube;

import java.util.SortedMap;
import tools.jackson.databind.JsonNode;

/**
 * An object and the lines of its fields.
 *
 * @param file the file's name; empty for an object of the API server
 * @param lines the line of each field by its path ({@code spec.rules[0].name}), and of the object itself by the empty path;
 *     empty for an object of the API server
 */
public record Manifest(KubeObject object, String file, SortedMap<String, Integer> lines) {
  /** The whole object. */
  public JsonNode node() {
    return object.node();
  }

  /** The part at a path ({@code spec.rules[0].name}); missing if there is none. */
  public JsonNode node(String path) {
    return node().at("/" + path.replace("[", ".").replace("]", "").replace('.', '/'));
  }

  /** The line of a field, or of the nearest field around it; 0 for an object of the API server. */
  public int line(String path) {
    for (String known = path; !known.isEmpty(); known = around(known)) {
      Integer line = lines.get(known);
      if (line != null) {
        return line;
      }
    }
    return lines.getOrDefault("", 0);
  }

  /** The path of the part around a field; empty for the whole object. */
  public static String around(String path) {
    int end = Math.max(path.lastIndexOf('.'), path.lastIndexOf('['));
    return end < 0 ? "" : path.substring(0, end);
  }
}
