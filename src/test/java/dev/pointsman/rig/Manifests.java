package dev.pointsman.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The objects in a folder's YAML files. */
final class Manifests {
  static final YAMLMapper YAML = new YAMLMapper();

  private Manifests() {}

  static List<Path> files(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<JsonNode> objects(Path folder) {
    List<JsonNode> objects = new ArrayList<>();
    for (Path file : files(folder)) {
      YAML.readerFor(JsonNode.class)
          .<JsonNode>readValues(file.toFile())
          .forEachRemaining(object -> {
            if (object.isObject()) {
              objects.add(object);
            }
          });
    }
    return objects;
  }
}
