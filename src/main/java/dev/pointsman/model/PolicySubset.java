package dev.pointsman.model;

import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads the part of a policy that narrows the rule's pools to pods with labels. */
final class PolicySubset {
  private static final int MAX_LABELS = 8;
  private static final String WORD = "[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?";
  private static final Pattern VALUE = Pattern.compile("(" + WORD + ")?");
  private static final Pattern NAME =
      Pattern.compile("([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?" + WORD);

  private PolicySubset() {}

  static Optional<Subset> of(Fields spec, String namespace) {
    return spec.object("subset").map(subset -> subset(subset, namespace));
  }

  private static Subset subset(Fields subset, String namespace) {
    TreeMap<String, String> labels = new TreeMap<>();
    subset.object("matchLabels").ifPresent(written -> {
      for (String name : subset.map("matchLabels").keySet()) {
        if (!NAME.matcher(name).matches()) {
          subset.problem("matchLabels", "has \"" + name + "\": not the name of a label");
        } else {
          written.string(name).ifPresent(value -> labels.put(name, value));
        }
      }
      labels.forEach((name, value) -> check(written, name, value));
    });
    if (subset.map("matchLabels").isEmpty()) {
      subset.problem("matchLabels", "is missing or empty: name the labels of the pods");
    } else if (labels.size() > MAX_LABELS) {
      subset.problem(
          "matchLabels",
          "has " + labels.size() + " labels, but at most " + MAX_LABELS + " are allowed");
    }
    return new Subset(namespace, labels);
  }

  private static void check(Fields labels, String name, String value) {
    if (!VALUE.matcher(value).matches()) {
      labels.problem(name, "is \"" + value + "\": not the value of a label");
    }
  }
}
