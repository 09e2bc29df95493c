package dev.pointsman.e2e.kubernetes;

import java.util.Map;

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
}
