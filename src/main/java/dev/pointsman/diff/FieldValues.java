package dev.pointsman.diff;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** The values of an object's fields by their paths: {@code spec.ports[http].port}. Items of lists have their names, if all have. */
final class FieldValues {
  /** Lists with named items whose order has no meaning. */
  private static final Set<String> SETS = Set.of(
      "add",
      "containers",
      "imagePullSecrets",
      "listeners",
      "parentRefs",
      "ports",
      "set",
      "targetRefs",
      "volumeMounts",
      "volumes");

  /** A text that would read like a value that is none: a port's name and its number are two things. */
  private static final Pattern AMBIGUOUS =
      Pattern.compile("|-?\\d+(\\.\\d+)?([eE][+-]?\\d+)?|true|false|null|\\{}|\\[]");

  private FieldValues() {}

  /** Adds the values of a field and below it, those that may be credentials as {@link HiddenValues}. */
  static void of(JsonNode node, String field, HiddenValues hidden, Map<String, String> values) {
    of(node, field, field, hidden, values);
  }

  private static void of(
      JsonNode node, String path, String part, HiddenValues hidden, Map<String, String> values) {
    if (node.isObject() && !node.isEmpty()) {
      node.propertyStream().sorted(Map.Entry.comparingByKey()).forEach(field -> {
        String name = field.getKey();
        of(field.getValue(), path(path, name), name, hidden.below(node, part, name), values);
      });
    } else if (node.isArray() && !node.isEmpty()) {
      boolean named = isNamed(node);
      for (int i = 0; i < node.size(); i++) {
        String item = path + "[" + (named ? name(node.path(i)) : i) + "]";
        of(node.path(i), item, part, hidden, values);
      }
    } else if (!node.isNull() && !node.isMissingNode()) {
      values.put(path, hidden.value(text(node)));
    }
  }

  /** The differences in the order of named items that are in both lists. */
  static List<Difference> orders(JsonNode before, JsonNode after) {
    List<Difference> differences = new ArrayList<>();
    orders(before, after, "", "", differences);
    return differences;
  }

  private static void orders(
      JsonNode before, JsonNode after, String path, String field, List<Difference> differences) {
    if (before.isObject()) {
      before.propertyStream().forEach(one -> {
        String name = one.getKey();
        orders(one.getValue(), after.path(name), path(path, name), name, differences);
      });
    } else if (isNamed(before) && isNamed(after)) {
      List<String> was = names(before);
      List<String> is = names(after);
      was.retainAll(is);
      is.retainAll(was);
      if (!was.equals(is) && !SETS.contains(field)) {
        differences.add(
            new Difference(path + " order", String.join(", ", was), String.join(", ", is)));
      }
      for (String name : is) {
        orders(item(before, name), item(after, name), path + "[" + name + "]", field, differences);
      }
    } else {
      for (int i = 0; i < before.size(); i++) {
        orders(before.path(i), after.path(i), path + "[" + i + "]", field, differences);
      }
    }
  }

  private static String path(String path, String field) {
    return path.isEmpty() ? field : path + "." + field;
  }

  private static String text(JsonNode node) {
    String text = node.isString() ? node.asString() : node.toString();
    return node.isString() && AMBIGUOUS.matcher(text).matches() ? node.toString() : text;
  }

  private static boolean isNamed(JsonNode list) {
    return list.isArray()
        && !list.isEmpty()
        && list.valueStream()
                .map(FieldValues::name)
                .distinct()
                .filter(one -> !one.isEmpty())
                .count()
            == list.size();
  }

  private static List<String> names(JsonNode list) {
    return new ArrayList<>(list.valueStream().map(FieldValues::name).toList());
  }

  private static JsonNode item(JsonNode list, String name) {
    return list.valueStream().filter(one -> name(one).equals(name)).findFirst().orElseThrow();
  }

  private static String name(JsonNode item) {
    return item.path("name").asString("");
  }
}
