package dev.pointsman.diff;

import dev.pointsman.diff.ModelTraffic.TrafficPart;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A change of the traffic of some models.
 *
 * @param place the listener, or the HTTPRoute, with the hosts
 * @param models their names; empty if the rule asks for none
 * @param conditions the rule's other conditions
 * @param differences the facts that differ; all facts of traffic that is added or removed
 */
public record TrafficChange(
    ChangeKind change,
    String place,
    List<String> models,
    List<String> conditions,
    List<Difference> differences) {
  public TrafficChange {
    models = List.copyOf(models);
    conditions = List.copyOf(conditions);
    differences = List.copyOf(differences);
  }

  /** The changes; models with equal changes are together. */
  static List<TrafficChange> between(ModelTraffic before, ModelTraffic after) {
    Set<TrafficPart> all = new LinkedHashSet<>(before.parts().keySet());
    all.addAll(after.parts().keySet());
    Map<TrafficChange, List<String>> modelsByChange = new LinkedHashMap<>();
    for (TrafficPart part : all) {
      boolean was = before.parts().containsKey(part);
      boolean is = after.parts().containsKey(part);
      List<Difference> differences = Difference.between(facts(before, part), facts(after, part));
      if (was != is || !differences.isEmpty()) {
        TrafficChange change = new TrafficChange(
            ChangeKind.of(was, is), part.place(), List.of(), conditions(part), differences);
        modelsByChange.computeIfAbsent(change, _ -> new ArrayList<>()).add(part.model());
      }
    }
    List<TrafficChange> changes = new ArrayList<>();
    modelsByChange.forEach((change, models) -> changes.add(change.of(models)));
    all.stream()
        .map(TrafficPart::place)
        .distinct()
        .forEach(place -> changes.addAll(order(place, before, after)));
    return changes;
  }

  private static SequencedMap<String, String> facts(ModelTraffic traffic, TrafficPart part) {
    return traffic.parts().getOrDefault(part, new LinkedHashMap<>());
  }

  private static List<String> conditions(TrafficPart part) {
    List<String> conditions = new ArrayList<>(part.conditions());
    if (part.number() > 1) {
      conditions.add("rule number " + part.number() + " with these conditions");
    }
    return conditions;
  }

  private TrafficChange of(List<String> names) {
    List<String> known =
        names.stream().filter(name -> !name.isEmpty()).distinct().toList();
    return new TrafficChange(change, place, known, conditions, differences);
  }

  /** The first of several rules takes a request, so that their order is a fact, too. */
  private static List<TrafficChange> order(String place, ModelTraffic before, ModelTraffic after) {
    List<TrafficPart> was = before.common(after, place);
    List<TrafficPart> is = after.common(before, place);
    for (int i = 0; i < was.size(); i++) {
      if (!was.get(i).equals(is.get(i))) {
        String one = words(was.get(i));
        String other = words(is.get(i));
        Difference order =
            new Difference("order", one + " before " + other, other + " before " + one);
        return List.of(
            new TrafficChange(ChangeKind.CHANGED, place, List.of(), List.of(), List.of(order)));
      }
    }
    return List.of();
  }

  private static String words(TrafficPart part) {
    return subject(part.model().isEmpty() ? List.of() : List.of(part.model()), conditions(part));
  }

  /** The traffic in words: the models and their conditions. */
  String subject() {
    return subject(models, conditions);
  }

  private static String subject(List<String> models, List<String> conditions) {
    String names = models.isEmpty()
        ? "requests"
        : (models.size() == 1 ? "model " : "models ") + String.join(", ", models);
    return conditions.isEmpty() ? names : names + " (" + String.join("; ", conditions) + ")";
  }

  /** The change as one line. */
  public String line() {
    String details = change == ChangeKind.CHANGED
        ? differences.stream().map(Difference::words).collect(Collectors.joining("; "))
        : change == ChangeKind.ADDED
            ? "added: "
                + differences.stream()
                    .map(one -> one.fact() + " " + one.after())
                    .collect(Collectors.joining("; "))
            : "removed";
    return subject() + " of " + place + " " + details;
  }
}
