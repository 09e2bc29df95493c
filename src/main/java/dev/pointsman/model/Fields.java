package dev.pointsman.model;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * The fields of one JSON object inside a manifest. An invalid field becomes a problem with its path and counts as
 * absent, so that all problems are reported together.
 */
final class Fields {
  private final Findings findings;
  private final String path;
  private final JsonNode node;
  private final Set<String> requested = new HashSet<>();

  Fields(Findings findings, String path, JsonNode node) {
    this.findings = findings;
    this.path = path;
    this.node = node;
    findings.part(this);
  }

  String path(String name) {
    return path + "." + name;
  }

  /** The field, if it is present and not null. */
  Optional<JsonNode> node(String name) {
    requested.add(name);
    findings.requested(path(name));
    JsonNode field = node.path(name);
    return field.isMissingNode() || field.isNull() ? Optional.empty() : Optional.of(field);
  }

  boolean has(String name) {
    return node(name).isPresent();
  }

  Optional<String> string(String name) {
    return node(name).flatMap(field -> string(path(name), field));
  }

  private Optional<String> string(String where, JsonNode field) {
    if (field.isString()) {
      return Optional.of(field.asString());
    }
    findings.problem(where, "is " + field + ": not a string");
    return Optional.empty();
  }

  /** A required, nonempty string; empty if it is missing or invalid. */
  String required(String name, String what) {
    Optional<JsonNode> field = node(name);
    if (field.isEmpty() || field.get().isString() && field.get().asString().isEmpty()) {
      problem(name, (field.isEmpty() ? "is missing" : "is empty") + ": " + what);
      return "";
    }
    return string(path(name), field.get()).orElse("");
  }

  /** A string that must be one of the words. */
  Optional<String> choice(String name, String... words) {
    Optional<String> word = string(name);
    if (word.isPresent() && !List.of(words).contains(word.get())) {
      problem(name, "is \"" + word.get() + "\": use " + String.join(" or ", words));
      return Optional.empty();
    }
    return word;
  }

  OptionalInt integer(String name, int min, int max) {
    Optional<JsonNode> field = node(name);
    if (field.isEmpty()) {
      return OptionalInt.empty();
    }
    JsonNode number = field.get();
    if (number.isIntegralNumber()
        && number.canConvertToInt()
        && number.asInt() >= min
        && number.asInt() <= max) {
      return OptionalInt.of(number.asInt());
    }
    problem(name, "is " + number + ": use a whole number from " + min + " to " + max);
    return OptionalInt.empty();
  }

  /** A duration above zero. */
  Optional<Duration> duration(String name) {
    Optional<String> text = string(name);
    Optional<Duration> duration = text.flatMap(GatewayDuration::parse);
    if (text.isPresent() && duration.filter(Duration::isPositive).isEmpty()) {
      problem(name, "is \"" + text.get() + "\": use a duration above zero, such as 5s or 1m30s");
      return Optional.empty();
    }
    return duration;
  }

  Optional<Fields> object(String name) {
    return node(name).flatMap(field -> object(path(name), field));
  }

  private Optional<Fields> object(String where, JsonNode field) {
    if (field.isObject()) {
      return Optional.of(new Fields(findings, where, field));
    }
    findings.problem(where, "is " + describe(field) + ": not an object");
    return Optional.empty();
  }

  /** The objects of a list with a limited number of items. */
  List<Fields> objects(String name, int max) {
    List<Fields> objects = new ArrayList<>();
    List<JsonNode> items = items(name, max);
    for (int i = 0; i < items.size(); i++) {
      object(path(name) + "[" + i + "]", items.get(i)).ifPresent(objects::add);
    }
    return objects;
  }

  /** The strings of a list with a limited number of items. */
  List<String> strings(String name, int max) {
    List<String> strings = new ArrayList<>();
    List<JsonNode> items = items(name, max);
    for (int i = 0; i < items.size(); i++) {
      strings.add(string(path(name) + "[" + i + "]", items.get(i)).orElse(""));
    }
    return strings;
  }

  private List<JsonNode> items(String name, int max) {
    Optional<JsonNode> list = node(name);
    if (list.isEmpty()) {
      return List.of();
    }
    if (!list.get().isArray()) {
      problem(name, "is " + describe(list.get()) + ": not a list");
      return List.of();
    }
    if (list.get().size() > max) {
      problem(name, "has " + list.get().size() + " items, but at most " + max + " are allowed");
      return List.of();
    }
    return List.copyOf(list.get().values());
  }

  private static String describe(JsonNode node) {
    return switch (node.getNodeType()) {
      case ARRAY -> "a list";
      case OBJECT, POJO -> "an object";
      case NULL, MISSING -> "nothing";
      default -> node.toString();
    };
  }

  /**
   * Reports the reason why a field's text is refused. An empty text is not checked: it is optional or already reported.
   */
  void check(String name, String text, Function<String, Optional<String>> refusal) {
    if (!text.isEmpty()) {
      refusal.apply(text).ifPresent(why -> problem(name, why));
    }
  }

  void problem(String name, String message) {
    findings.problem(path(name), message);
  }

  /** Reports a problem of the whole object. */
  void problem(String message) {
    findings.problem(path, message);
  }

  /** Reports a remark, which does not prevent the object's use. */
  void remark(String name, String message) {
    findings.remark(path(name), message);
  }

  /** The paths of the fields that are present and were never requested. */
  List<String> unknownFields() {
    return node.propertyNames().stream()
        .filter(name -> !requested.contains(name))
        .map(this::path)
        .toList();
  }
}
