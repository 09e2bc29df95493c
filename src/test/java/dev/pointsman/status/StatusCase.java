package dev.pointsman.status;

import dev.pointsman.kube.files.ResourceFiles;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.PodIndex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/** A folder of {@code testdata/status}: objects, and the statuses and Events that follow from them. */
record StatusCase(Path folder) {
  static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  private static final Path ROOT = Path.of("testdata", "status");
  private static final YAMLMapper YAML = YAMLMapper.builder()
      .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
      .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
      .disable(YAMLWriteFeature.SPLIT_LINES)
      .build();

  static List<StatusCase> all() {
    try (Stream<Path> folders = Files.list(ROOT)) {
      return folders.filter(Files::isDirectory).sorted().map(StatusCase::new).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path golden() {
    return folder.resolve("statuses.yaml");
  }

  List<JsonNode> objects() {
    try (MappingIterator<JsonNode> read =
        YAML.readerFor(JsonNode.class).readValues(folder.resolve("in.yaml").toFile())) {
      List<JsonNode> objects = new ArrayList<>();
      read.forEachRemaining(objects::add);
      return objects;
    }
  }

  /** The inputs with other objects than the case's. */
  static StatusInputs with(List<JsonNode> objects) {
    StringBuilder documents = new StringBuilder();
    objects.forEach(object -> documents.append(object).append('\n'));
    return inputs(snapshot("in.json", documents.toString()), objects);
  }

  private ClusterSnapshot snapshot() {
    try {
      return snapshot("in.yaml", Files.readString(folder.resolve("in.yaml")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ClusterSnapshot snapshot(String name, String content) {
    try {
      Path copy = Files.createTempDirectory("status-case");
      Path file = copy.resolve(name);
      try {
        Files.writeString(file, content);
        ClusterSnapshot read = ResourceFiles.read(copy).snapshot();
        return read.pods().size() == 0 ? withoutPods(read) : read;
      } finally {
        Files.deleteIfExists(file);
        Files.delete(copy);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A case without Pods does not know them. */
  private static ClusterSnapshot withoutPods(ClusterSnapshot read) {
    return new ClusterSnapshot(
        read.synced(),
        read.pools(),
        PodIndex.UNREAD,
        read.services(),
        read.slices(),
        read.routes(),
        read.models(),
        read.adapters(),
        read.grants(),
        read.certificates());
  }

  StatusInputs inputs(List<JsonNode> objects) {
    return inputs(snapshot(), objects);
  }

  private static StatusInputs inputs(ClusterSnapshot snapshot, List<JsonNode> objects) {
    return new StatusInputs(
        snapshot,
        Set.of(),
        "infra",
        kind(objects, "InferencePool"),
        kind(objects, "HTTPRoute"),
        kind(objects, "Gateway"),
        kind(objects, "InferencePolicy"));
  }

  private static List<JsonNode> kind(List<JsonNode> objects, String kind) {
    return objects.stream()
        .filter(object -> object.path("kind").asString("").equals(kind))
        .toList();
  }

  StatusPlan plan() {
    return StatusPlan.of(inputs(objects()));
  }

  StatusPlan shuffledPlan() {
    List<JsonNode> objects = new ArrayList<>(objects());
    Collections.shuffle(objects, new Random(7));
    return StatusPlan.of(inputs(objects));
  }

  JsonNode object(ObjectStatus.Key key) {
    return objects().stream()
        .filter(
            object -> object.path("apiVersion").asString("").equals(key.kind().apiVersion()))
        .filter(object -> Meta.of(object).namespace().equals(key.namespace()))
        .filter(object -> Meta.of(object).name().equals(key.name()))
        .findFirst()
        .orElseThrow();
  }

  /** The statuses that would be written, and the Events. */
  String said() {
    StatusPlan plan = plan();
    ObjectNode said = YAML.createObjectNode();
    ArrayNode written = said.putArray("written");
    for (ObjectStatus status : plan.statuses()) {
      JsonNode object = object(status.object());
      Optional<ObjectNode> updated = StatusUpdate.of(status, object).apply(object, NOW);
      updated.ifPresent(after -> written
          .addObject()
          .put("object", status.object().kind().apiVersion() + " " + status.object())
          .set("status", after.path("status")));
    }
    ArrayNode events = said.putArray("events");
    for (WarningEvent event : plan.events()) {
      events.add(event.event(NOW, "pointsman-0"));
    }
    return YAML.writeValueAsString(said);
  }

  @Override
  public String toString() {
    return folder.getFileName().toString();
  }
}
