package dev.pointsman.differential;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The list of intended and known differences. It records which of its entries matched. */
final class Expected {
  /**
   * An entry.
   *
   * @param field a regular expression for the whole field
   * @param pointsman a regular expression for the value with Pointsman
   * @param stock a regular expression for the value on the stock gateway
   * @param when regular expressions for {@link Traits}, all of which must match; {@code >= 4000000} is a bound for a number
   * @param hides a regular expression for fields that may differ as a consequence
   * @param reason the reason of the difference, or the known fault
   */
  record Entry(
      Pattern field,
      Pattern pointsman,
      Pattern stock,
      Map<String, String> when,
      Pattern hides,
      String reason) {
    boolean matches(Difference difference, Map<String, String> traits) {
      return field.matcher(difference.field()).matches()
          && pointsman.matcher(difference.pointsman()).matches()
          && stock.matcher(difference.stock()).matches()
          && when.entrySet().stream()
              .allMatch(one -> holds(one.getValue(), traits.getOrDefault(one.getKey(), "")));
    }

    private static boolean holds(String condition, String value) {
      if (condition.startsWith(">= ")) {
        return Long.parseLong(value) >= Long.parseLong(condition.substring(3));
      }
      if (condition.startsWith("< ")) {
        return Long.parseLong(value) < Long.parseLong(condition.substring(2));
      }
      return Pattern.compile(condition, Pattern.DOTALL).matcher(value).matches();
    }
  }

  private final List<Entry> entries;
  private final Set<String> used = new TreeSet<>();

  Expected(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  /** Reads the file. */
  static Expected read(Path file) {
    List<Entry> entries = new ArrayList<>();
    for (JsonNode node : YAMLMapper.shared().readTree(file.toFile())) {
      Map<String, String> when = new TreeMap<>();
      node.path("when")
          .properties()
          .forEach(one -> when.put(one.getKey(), one.getValue().asString()));
      entries.add(new Entry(
          pattern(node, "field", ""),
          pattern(node, "pointsman", ".*"),
          pattern(node, "stock", ".*"),
          when,
          pattern(node, "hides", ""),
          node.path("reason").asString()));
    }
    return new Expected(entries);
  }

  private static Pattern pattern(JsonNode node, String field, String otherwise) {
    return Pattern.compile(node.path(field).asString(otherwise), Pattern.DOTALL);
  }

  /** The differences that match no entry. */
  List<Difference> unexplained(List<Difference> differences, Map<String, String> traits) {
    List<Entry> matching = entries.stream()
        .filter(entry -> differences.stream().anyMatch(one -> entry.matches(one, traits)))
        .toList();
    matching.forEach(entry -> used.add(entry.reason()));
    return differences.stream()
        .filter(one -> matching.stream()
            .noneMatch(entry ->
                entry.matches(one, traits) || entry.hides().matcher(one.field()).matches()))
        .toList();
  }

  /** The reasons of the entries that matched nothing so far. */
  List<String> unused() {
    return entries.stream()
        .map(Entry::reason)
        .filter(reason -> !used.contains(reason))
        .toList();
  }
}
