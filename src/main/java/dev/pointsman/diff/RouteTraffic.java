package dev.pointsman.diff;

import static java.util.stream.Collectors.joining;

import dev.pointsman.explain.ShareWords;
import dev.pointsman.kube.Manifest;
import dev.pointsman.model.PoolRef;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * The traffic of models as HTTPRoutes ask for it. Envoy Gateway may refuse a part of them.
 *
 * @param models the names of the models by the objects on their way, as {@code InferencePool default/qwen}
 */
record RouteTraffic(ModelTraffic traffic, SortedMap<String, Set<String>> models) {
  /** Fields of a rule with words of their own. */
  private static final Set<String> TOLD = Set.of("matches", "backendRefs");

  /** Fields of a reference with words of their own. */
  private static final Set<String> OF_REFERENCES = Set.of("kind", "namespace", "name");

  static final String GROUP = "gateway.networking.k8s.io";

  /** Whether it is an HTTPRoute of the Gateway API, or one that does not say of which API it is. */
  static boolean isRoute(Manifest manifest) {
    return manifest.object().kind().equals("HTTPRoute")
        && Set.of(GROUP, "").contains(manifest.object().group());
  }

  static RouteTraffic of(List<Manifest> manifests) {
    RouteTraffic objects = new RouteTraffic(new ModelTraffic(), new TreeMap<>());
    manifests.stream().filter(RouteTraffic::isRoute).forEach(objects::add);
    manifests.stream()
        .filter(manifest -> manifest.object().kind().equals("InferencePool"))
        .forEach(objects::addPicker);
    return objects;
  }

  private void add(Manifest route) {
    String namespace = route.object().namespace();
    JsonNode spec = route.node().path("spec");
    List<String> hosts = spec.path("hostnames")
        .valueStream()
        .map(one -> one.asString(""))
        .sorted()
        .toList();
    String name = "HTTPRoute " + namespace + "/" + route.object().name();
    String place = name + ", host " + (hosts.isEmpty() ? "*" : String.join(", ", hosts));
    Set<String> all = new TreeSet<>();
    List<JsonNode> rules = spec.path("rules").valueStream().toList();
    for (JsonNode rule : rules.isEmpty() ? List.of(MissingNode.getInstance()) : rules) {
      SequencedMap<String, String> facts = facts(rule, spec, namespace);
      Set<String> asked = new TreeSet<>();
      if (rule.path("matches").isEmpty()) {
        traffic.add(place, List.of(), List.of(), facts);
      }
      for (JsonNode match : rule.path("matches").values()) {
        MatchConditions conditions = MatchConditions.of(match);
        asked.addAll(conditions.models());
        traffic.add(place, conditions, facts);
      }
      all.addAll(asked);
      for (JsonNode backend : rule.path("backendRefs").values()) {
        reaches(backend(backend, namespace), asked);
      }
    }
    reaches(name, all);
    for (JsonNode parent : spec.path("parentRefs").values()) {
      reaches(reference(parent, "Gateway", namespace), all);
    }
  }

  private void reaches(String object, Set<String> names) {
    models.computeIfAbsent(object, _ -> new TreeSet<>()).addAll(names);
  }

  /** A picker decides for the models of its pool. */
  private void addPicker(Manifest pool) {
    String namespace = pool.object().namespace();
    JsonNode spec = pool.node().path("spec");
    JsonNode picker =
        spec.has("extensionRef") ? spec.path("extensionRef") : spec.path("endpointPickerRef");
    String name = "InferencePool " + namespace + "/" + pool.object().name();
    if (!picker.isEmpty() && models.containsKey(name)) {
      reaches(reference(picker, "Service", namespace), models.getOrDefault(name, Set.of()));
    }
  }

  /** All fields of a rule but its matches, and the parents of its HTTPRoute. */
  private static SequencedMap<String, String> facts(
      JsonNode rule, JsonNode spec, String namespace) {
    SequencedMap<String, String> facts = new LinkedHashMap<>();
    facts.put(
        "parents",
        spec.path("parentRefs")
            .valueStream()
            .map(parent -> parent(parent, namespace))
            .sorted()
            .collect(joining(", ")));
    List<JsonNode> backends = rule.path("backendRefs").valueStream().toList();
    long common =
        backends.stream().mapToLong(RouteTraffic::weight).reduce(0, RouteTraffic::divisor);
    long unit = Math.max(1, common);
    long total = backends.stream().mapToLong(RouteTraffic::weight).sum() / unit;
    facts.put(
        "shares",
        backends.stream()
            .map(one -> share(weight(one) / unit, total) + " " + backend(one, namespace))
            .collect(joining(", ")));
    for (JsonNode backend : backends) {
      boolean isPool = backend.path("kind").asString("").equals("InferencePool");
      others(backend, "", isPool ? PoolRef.V1 : "", "weight")
          .forEach((field, value) -> facts.merge(
              field + " of " + backend(backend, namespace),
              value,
              (one, more) -> one + ", " + more));
    }
    rule.propertyStream()
        .filter(field -> !TOLD.contains(field.getKey()))
        .forEach(
            field -> FieldValues.of(field.getValue(), field.getKey(), HiddenValues.SET, facts));
    return facts;
  }

  /** The greatest common divisor: weights of 10 and 20 are those of 1 and 2. */
  private static long divisor(long one, long other) {
    return other == 0 ? one : divisor(other, one % other);
  }

  /** The share in per cent, with the weight if that is not all of it. */
  private static String share(long weight, long total) {
    boolean isExact = total == 0 || weight * 10_000 % total == 0;
    return ShareWords.percent(weight, total)
        + (isExact ? "" : " (" + weight + " of " + total + ")");
  }

  private static String parent(JsonNode parent, String namespace) {
    StringBuilder words = new StringBuilder(reference(parent, "Gateway", namespace));
    if (parent.has("sectionName")) {
      words.append(' ').append(parent.path("sectionName").asString(""));
    }
    others(parent, GROUP, GROUP, "sectionName")
        .forEach((field, value) -> words.append(' ').append(field).append(' ').append(value));
    return words.toString();
  }

  /**
   * The fields of a reference that have no words of their own.
   *
   * @param group the group without the field
   * @param usual the group that needs no words
   */
  private static SequencedMap<String, String> others(
      JsonNode reference, String group, String usual, String told) {
    SequencedMap<String, String> others = new LinkedHashMap<>();
    FieldValues.of(reference, "", HiddenValues.SET, others);
    OF_REFERENCES.forEach(others::remove);
    others.remove(told);
    others.remove("group");
    String is = reference.path("group").asString(group);
    if (!is.equals(usual)) {
      others.put("group", is.isEmpty() ? "of the core" : is);
    }
    return others;
  }

  private static int weight(JsonNode backend) {
    return backend.path("weight").asInt(1);
  }

  /** The backend as the words of xDS have it: a pool has its name alone. */
  private static String backend(JsonNode backend, String namespace) {
    return reference(backend, "Service", namespace);
  }

  private static String reference(JsonNode ref, String kind, String namespace) {
    return ref.path("kind").asString(kind) + " " + ref.path("namespace").asString(namespace) + "/"
        + ref.path("name").asString("");
  }
}
