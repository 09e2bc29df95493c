package dev.pointsman.e2e.kubernetes;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The manifests that an attacker applies. */
final class AttackManifests {
  private AttackManifests() {}

  /** The manifests of an attack. */
  static String manifests(String attack) {
    return manifests(attack, Map.of());
  }

  /** The same with a word replaced. */
  static String manifests(String attack, String word, String value) {
    return manifests(attack, Map.of(word, value));
  }

  /** The same with words replaced. */
  static String manifests(String attack, Map<String, String> words) {
    String text = Commands.read(TwoTenants.FOLDER.resolve("attacks/" + attack + ".yaml"));
    for (Map.Entry<String, String> word : words.entrySet()) {
      text = text.replace(word.getKey(), word.getValue());
    }
    return text;
  }

  /** Names of adapters, as JSON inside a quoted text. */
  static String adapters(int count) {
    return IntStream.range(0, count)
        .mapToObj("\\\"adapter-%05d\\\""::formatted)
        .collect(Collectors.joining(",", "[", "]"));
  }

  /** As many as the schema allows: 256 models with 64 aliases each. */
  static String models() {
    return IntStream.range(0, 256)
        .mapToObj(i -> IntStream.range(0, 64)
            .mapToObj(j -> "m-" + i + "-" + j)
            .collect(Collectors.joining(", ", "{name: m-" + i + ", aliases: [", "]}")))
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
