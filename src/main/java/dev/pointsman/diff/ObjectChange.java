package dev.pointsman.diff;

import dev.pointsman.kube.Manifest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A change of an object that is no HTTPRoute.
 *
 * @param object its kind, namespace and name
 * @param models the models whose requests it is for, as far as HTTPRoutes name them
 * @param differences the fields that differ; none of an object that is added or removed
 */
public record ObjectChange(
    ChangeKind change, String object, List<String> models, List<Difference> differences) {
  private static final String HIDDEN = "(hidden)";

  /** Parts of the metadata that the API server or tools write. */
  private static final Set<String> OF_THE_SERVER = Set.of(
      "creationTimestamp", "generation", "managedFields", "resourceVersion", "selfLink", "uid");

  private static final String APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  public ObjectChange {
    models = List.copyOf(models);
    differences = List.copyOf(differences);
  }

  /** The changes of all objects but HTTPRoutes. */
  static List<ObjectChange> between(
      List<Manifest> before, List<Manifest> after, RouteTraffic was, RouteTraffic is) {
    SortedMap<String, Manifest> old = byName(before);
    SortedMap<String, Manifest> now = byName(after);
    Set<String> names = new TreeSet<>(old.keySet());
    names.addAll(now.keySet());
    List<ObjectChange> changes = new ArrayList<>();
    for (String name : names) {
      boolean isThere = now.containsKey(name);
      boolean wasThere = old.containsKey(name);
      Manifest one = isThere ? now.get(name) : old.get(name);
      List<Difference> differences =
          wasThere && isThere ? differences(old.get(name), now.get(name)) : List.of();
      if (one != null && (wasThere != isThere || !differences.isEmpty())) {
        Set<String> models = new TreeSet<>();
        objects(name, one).forEach(object -> {
          models.addAll(was.models().getOrDefault(object, Set.of()));
          models.addAll(is.models().getOrDefault(object, Set.of()));
        });
        changes.add(new ObjectChange(
            ChangeKind.of(wasThere, isThere), name, List.copyOf(models), differences));
      }
    }
    return changes;
  }

  /** The object itself and those that it is for. */
  private static Stream<String> objects(String name, Manifest manifest) {
    String namespace = manifest.object().namespace();
    JsonNode spec = manifest.node().path("spec");
    Stream<JsonNode> targets =
        Stream.concat(spec.path("targetRefs").valueStream(), Stream.of(spec.path("targetRef")));
    return Stream.concat(
        Stream.of(name),
        targets.map(target -> target.path("kind").asString("") + " "
            + target.path("namespace").asString(namespace) + "/"
            + target.path("name").asString("")));
  }

  private static SortedMap<String, Manifest> byName(List<Manifest> manifests) {
    SortedMap<String, Manifest> byName = new TreeMap<>();
    for (Manifest manifest : manifests) {
      if (!manifest.object().kind().equals("HTTPRoute")) {
        byName.putIfAbsent(
            manifest.object().kind() + " " + manifest.object().namespace() + "/"
                + manifest.object().name(),
            manifest);
      }
    }
    return byName;
  }

  private static List<Difference> differences(@Nullable Manifest before, @Nullable Manifest after) {
    if (before == null || after == null) {
      return List.of();
    }
    List<Difference> differences = Difference.between(values(before), values(after));
    return after.object().kind().equals("Secret")
        ? differences.stream()
            .map(one -> new Difference(
                one.fact(),
                one.before().isEmpty() ? "" : HIDDEN,
                one.after().isEmpty() ? "" : HIDDEN))
            .toList()
        : differences;
  }

  private static SequencedMap<String, String> values(Manifest manifest) {
    SequencedMap<String, String> values = new LinkedHashMap<>();
    ObjectNode node = (ObjectNode) manifest.node().deepCopy();
    node.remove(List.of("status"));
    if (node.path("metadata") instanceof ObjectNode metadata) {
      metadata.remove(OF_THE_SERVER);
      if (metadata.path("annotations") instanceof ObjectNode annotations) {
        annotations.remove(APPLIED);
      }
    }
    FieldValues.of(node, "", values);
    return values;
  }

  /** The object with its models in words. */
  String subject() {
    return models.isEmpty()
        ? object
        : object + " (" + (models.size() == 1 ? "model " : "models ") + String.join(", ", models)
            + ")";
  }

  /** The changes of an object as one line. */
  String line() {
    return subject() + " "
        + (differences.isEmpty()
            ? change.words()
            : differences.stream().map(Difference::words).collect(Collectors.joining("; ")));
  }
}
