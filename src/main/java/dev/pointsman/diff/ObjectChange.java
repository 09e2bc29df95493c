package dev.pointsman.diff;

import dev.pointsman.kube.Manifest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A change of an object. The rules, the hosts and the parents of an HTTPRoute are changes of traffic, and not here.
 *
 * @param object its kind, namespace and name, and its group if there are several
 * @param models the models whose requests it is for, as far as HTTPRoutes name them
 * @param differences the fields that differ; none of an object that is added or removed
 */
public record ObjectChange(
    ChangeKind change, String object, List<String> models, List<Difference> differences) {
  /** Parts of the metadata that the API server or tools write. The namespace is in the object's name. */
  private static final Set<String> OF_THE_SERVER = Set.of(
      "creationTimestamp",
      "generation",
      "managedFields",
      "namespace",
      "resourceVersion",
      "selfLink",
      "uid");

  private static final Set<String> TRAFFIC = Set.of("rules", "hostnames", "parentRefs");

  private static final String APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  public ObjectChange {
    models = List.copyOf(models);
    differences = List.copyOf(differences);
  }

  /** The changes of all objects. */
  static List<ObjectChange> between(
      List<Manifest> before, List<Manifest> after, RouteTraffic was, RouteTraffic is) {
    SortedMap<ManifestKey, Manifest> old = ManifestKey.of(before);
    SortedMap<ManifestKey, Manifest> now = ManifestKey.of(after);
    Set<ManifestKey> names = new TreeSet<>(old.keySet());
    names.addAll(now.keySet());
    Set<String> ofSeveralGroups = ManifestKey.ofSeveralGroups(names);
    List<ObjectChange> changes = new ArrayList<>();
    for (ManifestKey name : names) {
      Optional<Manifest> one = Optional.ofNullable(old.get(name));
      Optional<Manifest> other = Optional.ofNullable(now.get(name));
      boolean isBoth = one.isPresent() && other.isPresent();
      Manifest either = other.or(() -> one).orElseThrow();
      List<Difference> differences =
          isBoth ? differences(one.orElseThrow(), other.orElseThrow()) : List.of();
      if (isBoth ? !differences.isEmpty() : !RouteTraffic.isRoute(either)) {
        Set<String> models = new TreeSet<>();
        objects(name, either).forEach(object -> {
          models.addAll(was.models().getOrDefault(object, Set.of()));
          models.addAll(is.models().getOrDefault(object, Set.of()));
        });
        changes.add(new ObjectChange(
            ChangeKind.of(one.isPresent(), other.isPresent()),
            name.words(ofSeveralGroups),
            List.copyOf(models),
            differences));
      }
    }
    return changes;
  }

  /** The object itself and those that it is for. */
  private static Stream<String> objects(ManifestKey name, Manifest manifest) {
    String namespace = manifest.object().namespace();
    JsonNode spec = manifest.node().path("spec");
    Stream<JsonNode> targets =
        Stream.concat(spec.path("targetRefs").valueStream(), Stream.of(spec.path("targetRef")));
    return Stream.concat(
        Stream.of(name.withoutGroup()),
        targets.map(target -> target.path("kind").asString("") + " "
            + target.path("namespace").asString(namespace) + "/"
            + target.path("name").asString("")));
  }

  private static List<Difference> differences(Manifest before, Manifest after) {
    ObjectNode was = compared(before);
    ObjectNode is = compared(after);
    List<Difference> differences = new ArrayList<>(Difference.between(values(was), values(is)));
    differences.addAll(FieldValues.orders(was, is));
    return after.object().kind().equals("Secret")
        ? differences.stream()
            .map(one -> new Difference(
                one.fact(),
                one.before().isEmpty() ? "" : HiddenValues.SHOWN,
                one.after().isEmpty() ? "" : HiddenValues.SHOWN))
            .toList()
        : differences;
  }

  private static SequencedMap<String, String> values(ObjectNode node) {
    SequencedMap<String, String> values = new LinkedHashMap<>();
    FieldValues.of(node, "", HiddenValues.SET, values);
    return values;
  }

  /** The fields that are not of the server, and not told as traffic. */
  private static ObjectNode compared(Manifest manifest) {
    ObjectNode node = (ObjectNode) manifest.node().deepCopy();
    node.remove(List.of("status"));
    if (node.path("metadata") instanceof ObjectNode metadata) {
      metadata.remove(OF_THE_SERVER);
      if (metadata.path("annotations") instanceof ObjectNode annotations) {
        annotations.remove(APPLIED);
        if (annotations.isEmpty()) {
          metadata.remove("annotations");
        }
      }
    }
    if (RouteTraffic.isRoute(manifest) && node.path("spec") instanceof ObjectNode spec) {
      spec.remove(TRAFFIC);
    }
    return node;
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
