package dev.pointsman.model;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiConsumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The fields of one JSON object inside a manifest. A field that cannot be used becomes a problem with its path; the
 * field then counts as absent, so that reading goes on and all problems are reported together.
 *
 * <p>The plain methods read what an API defines. {@link #text}, {@link #part} and {@link #parts} read what an API server
 * has checked, or leaves open: they report nothing, and anything else than what they look for counts as absent.
 */
public final class Fields extends FieldReports {
  private static final JsonNode NO_LIST = JsonNodeFactory.instance.arrayNode();

  private final JsonNode node;
  private final Set<String> asked = new HashSet<>();

  private Fields(
      Findings findings, BiConsumer<String, String> problems, String path, JsonNode node) {
    super(findings, problems, path);
    this.node = node;
  }

  private Fields child(String where, JsonNode child) {
    Fields fields = new Fields(findings, problems, where, child);
    findings.part(fields);
    return fields;
  }

  /** The fields of a whole object. */
  public static Fields of(Findings findings, JsonNode object) {
    return new Fields(findings, findings::problem, "", object);
  }

  /** The same, whose problems and those of the parts in it go elsewhere, as a path and a message. */
  Fields reporting(BiConsumer<String, String> elsewhere) {
    return new Fields(findings, elsewhere, path, node);
  }

  /** The same, for parts that can be left out: problems become remarks, and the object can be used. */
  public Fields remarking() {
    return reporting(findings::remark);
  }

  /** The text of a scalar. */
  public String text(String name, String fallback) {
    asked.add(name);
    return node.path(name).asString(fallback);
  }

  /** The text of a scalar; empty when there is none. */
  public String text(String name) {
    return text(name, "");
  }

  /** A boolean. */
  public boolean flag(String name, boolean fallback) {
    asked.add(name);
    return node.path(name).asBoolean(fallback);
  }

  /** The texts of a list of scalars, or none. */
  public List<String> texts(String name) {
    return node(name)
        .map(list -> list.values().stream().map(item -> item.asString("")).toList())
        .orElse(List.of());
  }

  /** An object, or an empty one. */
  public Fields part(String name) {
    asked.add(name);
    return child(path(name), node.path(name));
  }

  /** The items of a list, or none. */
  public List<Fields> parts(String name) {
    JsonNode list = node(name).filter(JsonNode::isArray).orElse(NO_LIST);
    List<Fields> parts = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      parts.add(child(path(name) + "[" + i + "]", list.path(i)));
    }
    return parts;
  }

  /** A map of strings, such as labels; a value that is not a string ({@code true}, {@code 1}) is taken as it is written. */
  public Map<String, String> map(String name) {
    Map<String, String> map = new LinkedHashMap<>();
    node(name)
        .ifPresent(labels -> labels
            .properties()
            .forEach(label -> map.put(label.getKey(), label.getValue().asString(""))));
    return map;
  }

  /** The field, if it is there and not null. */
  public Optional<JsonNode> node(String name) {
    asked.add(name);
    JsonNode field = node.path(name);
    return field.isMissingNode() || field.isNull() ? Optional.empty() : Optional.of(field);
  }

  /** Whether the field is there and not null. */
  public boolean has(String name) {
    return node(name).isPresent();
  }

  Optional<String> string(String name) {
    return node(name).flatMap(field -> string(path(name), field));
  }

  private Optional<String> string(String where, JsonNode field) {
    if (field.isString()) {
      return Optional.of(field.asString());
    }
    problems.accept(where, "is " + field + ": not a string");
    return Optional.empty();
  }

  /** A string that must be there and not be empty; empty where it is not. */
  public String required(String name, String what) {
    Optional<JsonNode> field = node(name);
    if (field.isEmpty() || field.get().isString() && field.get().asString().isEmpty()) {
      problem(name, (field.isEmpty() ? "is missing" : "is empty") + ": " + what);
      return "";
    }
    return string(path(name), field.get()).orElse("");
  }

  /** One of the words. */
  Optional<String> choice(String name, String... words) {
    Optional<String> word = string(name);
    if (word.isPresent() && !List.of(words).contains(word.get())) {
      problem(name, "is \"" + word.get() + "\": use " + String.join(" or ", words));
      return Optional.empty();
    }
    return word;
  }

  /** A whole number within bounds, if the field is there. */
  public OptionalInt integer(String name, int least, int most) {
    return has(name)
        ? number(name, least, most, ": use a whole number from " + least + " to " + most)
        : OptionalInt.empty();
  }

  /** A port that must be there. */
  public OptionalInt port(String name) {
    return number(name, 1, 65535, ": use a port from 1 to 65535");
  }

  private OptionalInt number(String name, int least, int most, String repair) {
    Optional<JsonNode> field = node(name);
    JsonNode number = field.orElse(NO_LIST);
    if (number.isIntegralNumber()
        && number.canConvertToInt()
        && number.asInt() >= least
        && number.asInt() <= most) {
      return OptionalInt.of(number.asInt());
    }
    problem(name, (field.isPresent() ? "is " + number : "is missing") + repair);
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
      return Optional.of(child(where, field));
    }
    problems.accept(where, "is " + shown(field) + ": not an object");
    return Optional.empty();
  }

  /** The objects of a list, no more than so many. */
  List<Fields> objects(String name, int most) {
    List<Fields> objects = new ArrayList<>();
    List<JsonNode> items = items(name, most);
    for (int i = 0; i < items.size(); i++) {
      object(path(name) + "[" + i + "]", items.get(i)).ifPresent(objects::add);
    }
    return objects;
  }

  /** The strings of a list, no more than so many. */
  List<String> strings(String name, int most) {
    List<String> strings = new ArrayList<>();
    List<JsonNode> items = items(name, most);
    for (int i = 0; i < items.size(); i++) {
      strings.add(string(path(name) + "[" + i + "]", items.get(i)).orElse(""));
    }
    return strings;
  }

  private List<JsonNode> items(String name, int most) {
    Optional<JsonNode> list = node(name);
    if (list.isEmpty()) {
      return List.of();
    }
    if (!list.get().isArray()) {
      problem(name, "is " + shown(list.get()) + ": not a list");
      return List.of();
    }
    if (list.get().size() > most) {
      problem(name, "has " + list.get().size() + " items, but at most " + most + " are allowed");
      return List.of();
    }
    return List.copyOf(list.get().values());
  }

  private static String shown(JsonNode node) {
    return switch (node.getNodeType()) {
      case ARRAY -> "a list";
      case OBJECT, POJO -> "an object";
      case NULL, MISSING -> "nothing";
      default -> node.toString();
    };
  }

  /** The paths of the fields that are there though nobody asked for them. */
  List<String> neverAskedFor() {
    return node.propertyNames().stream()
        .filter(name -> !asked.contains(name))
        .map(this::path)
        .toList();
  }
}
