package dev.pointsman.diff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.kube.KubeObject;
import dev.pointsman.kube.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * A change of any field of any object is told: each value is changed, each field removed, and each list put into another order,
 * one at a time.
 */
class EveryChangeTest {
  private static final Path FILE = Path.of("testdata/diff/fields/every-field.yaml");

  /** Lists whose order has no meaning. */
  private static final Set<String> SETS = Set.of(
      "hostnames",
      "parentRefs",
      "matches",
      "headers",
      "queryParams",
      "listeners",
      "ports",
      "containers",
      "set");

  /** Values that the API server sets itself: without them the object is the same. */
  private static final Map<String, String> DEFAULTS = Map.ofEntries(
      Map.entry("path.type", "PathPrefix"),
      Map.entry("path.value", "/"),
      Map.entry("headers.type", "Exact"),
      Map.entry("queryParams.type", "Exact"),
      Map.entry("backendRefs.kind", "Service"),
      Map.entry("backendRefs.namespace", "default"),
      Map.entry("backendRefs.weight", "1"),
      Map.entry("parentRefs.kind", "Gateway"),
      Map.entry("parentRefs.group", "gateway.networking.k8s.io"),
      Map.entry("parentRefs.namespace", "default"),
      Map.entry("metadata.namespace", "default"));

  private static List<JsonNode> objects(Path file) throws IOException {
    List<JsonNode> objects = new ArrayList<>();
    try (MappingIterator<JsonNode> documents =
        YAMLMapper.shared().readerFor(JsonNode.class).readValues(file.toFile())) {
      documents.forEachRemaining(one -> {
        if (one.isObject()) {
          objects.add(one);
        }
      });
    }
    return objects;
  }

  private static StateChanges changes(List<JsonNode> before, List<JsonNode> after) {
    return StateChanges.between(manifests(before), manifests(after), Set.of(), Set.of());
  }

  private static List<Manifest> manifests(List<JsonNode> objects) {
    return objects.stream()
        .map(one -> new Manifest(new KubeObject(one.deepCopy()), "", new TreeMap<>()))
        .toList();
  }

  /** The names of changes that nobody is told of. */
  private static final class Untold {
    private final List<JsonNode> before;
    private final List<String> names = new ArrayList<>();
    private int tried;

    Untold(List<JsonNode> before) {
      this.before = before;
    }

    void check(List<JsonNode> after, String change) {
      tried++;
      if (changes(before, after).isEmpty()) {
        names.add(change);
      }
    }
  }

  private static void change(
      JsonNode node, String path, String field, List<JsonNode> all, Untold untold) {
    if (node instanceof ObjectNode object) {
      for (String name : object.propertyNames().stream().toList()) {
        JsonNode value = object.get(name);
        String at = path + "." + name;
        String key = field + "." + name;
        if (!value.isContainer()) {
          object.set(name, another(value));
          untold.check(all, at + " changed");
          object.set(name, value);
        }
        if (!value.asString("").equals(DEFAULTS.get(key)) && !name.equals("status")) {
          object.remove(name);
          untold.check(all, at + " removed");
          object.set(name, value);
        }
        change(value, at, name, all, untold);
      }
    } else if (node instanceof ArrayNode list) {
      for (int i = 0; i < list.size(); i++) {
        JsonNode value = list.get(i);
        if (!value.isContainer()) {
          list.set(i, another(value));
          untold.check(all, path + "[" + i + "] changed");
          list.set(i, value);
        }
        change(value, path + "[" + i + "]", field, all, untold);
      }
      if (list.size() > 1 && !SETS.contains(field)) {
        JsonNode first = list.get(0);
        list.set(0, list.get(1));
        list.set(1, first);
        untold.check(all, path + " in another order");
        list.set(1, list.get(0));
        list.set(0, first);
      }
    }
  }

  private static JsonNode another(JsonNode value) {
    JsonNodeFactory factory = JsonNodeFactory.instance;
    return value.isNumber()
        ? factory.numberNode(value.asInt() + 1)
        : value.isBoolean()
            ? factory.booleanNode(!value.asBoolean())
            : factory.stringNode(value.asString("") + "x");
  }

  @Test
  void everyChangeOfAFieldIsTold() throws IOException {
    List<JsonNode> after = objects(FILE);
    Untold untold = new Untold(objects(FILE));
    after.forEach(one -> change(
        one,
        one.path("kind").asString("") + " " + one.at("/metadata/name").asString(""),
        "",
        after,
        untold));
    assertThat(untold.names).isEmpty();
    assertThat(untold.tried).isGreaterThan(200);
    assertThat(changes(objects(FILE), after).isEmpty())
        .as("all changes are taken back")
        .isTrue();
  }

  private static StateChanges changes(String before, String after) throws IOException {
    String yaml = Files.readString(FILE);
    assertThat(yaml).contains(before);
    Path other = Files.createTempFile("every-field", ".yaml");
    Files.writeString(other, yaml.replace(before, after));
    StateChanges changes = changes(objects(FILE), objects(other));
    Files.delete(other);
    return changes;
  }

  @Test
  void anObjectMoreOrLessIsTold() throws IOException {
    List<JsonNode> all = objects(FILE);
    for (int i = 0; i < all.size(); i++) {
      List<JsonNode> less = new ArrayList<>(all);
      var _ = less.remove(i);
      assertThat(changes(all, less).isEmpty()).as(all.get(i).toString()).isFalse();
      assertThat(changes(less, all).isEmpty()).as(all.get(i).toString()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sk-123",
        "hunter2",
        "c2VjcmV0",
        "sk-of-the-provider",
        "sk-in-the-environment",
        "sk-of-the-module",
        "sk-of-the-script",
        "sk-of-the-authorizer",
        "sk-in-a-cookie",
        "sk-of-a-patch",
        "sk-of-patched-users",
        "sk-of-a-claim",
        "sk-of-a-match",
        "sk-of-symmetric-keys"
      })
  void secretsAreToldWithoutTheirValues(String secret) throws IOException {
    StateChanges changes = changes(secret, "Y2hhbmdlZA");
    assertThat(changes.isEmpty()).isFalse();
    assertThat(ChangeRendering.of(changes, false)).doesNotContain(secret, "Y2hhbmdlZA");
    assertThat(changes.toString()).doesNotContain(secret, "Y2hhbmdlZA");
  }
}
