package dev.pointsman.diff;

import dev.pointsman.explain.ShareWords;
import dev.pointsman.kube.Manifest;
import dev.pointsman.model.ModelHeader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * The traffic of models as HTTPRoutes ask for it. Envoy Gateway may refuse a part of them.
 *
 * @param models the names of the models by the objects on their way, as {@code InferencePool default/qwen}
 */
record RouteTraffic(ModelTraffic traffic, SortedMap<String, Set<String>> models) {
  /** Fields of a rule with words of their own. */
  private static final Set<String> TOLD = Set.of("name", "matches", "backendRefs");

  static RouteTraffic of(List<Manifest> manifests) {
    RouteTraffic objects = new RouteTraffic(new ModelTraffic(), new TreeMap<>());
    manifests.stream()
        .filter(manifest -> manifest.object().kind().equals("HTTPRoute"))
        .forEach(objects::add);
    manifests.stream()
        .filter(manifest -> manifest.object().kind().equals("InferencePool"))
        .forEach(objects::addPicker);
    return objects;
  }

  private void add(Manifest route) {
    String namespace = route.object().namespace();
    JsonNode spec = route.node().path("spec");
    List<String> hosts = texts(spec.path("hostnames"));
    String name = "HTTPRoute " + namespace + "/" + route.object().name();
    String place = name + ", host " + (hosts.isEmpty() ? "*" : String.join(", ", hosts));
    Set<String> all = new TreeSet<>();
    for (JsonNode rule : spec.path("rules").values()) {
      SequencedMap<String, String> facts = facts(rule, spec, namespace);
      Set<String> asked = new TreeSet<>();
      if (rule.path("matches").isEmpty()) {
        traffic.add(place, List.of(), List.of(), facts);
      }
      for (JsonNode match : rule.path("matches").values()) {
        List<String> names = new ArrayList<>();
        List<String> conditions = conditions(match, names);
        asked.addAll(names);
        traffic.add(place, names, conditions, facts);
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

  private static SequencedMap<String, String> facts(
      JsonNode rule, JsonNode spec, String namespace) {
    SequencedMap<String, String> facts = new LinkedHashMap<>();
    facts.put("parents", String.join(", ", parents(spec, namespace)));
    List<JsonNode> backends = rule.path("backendRefs").valueStream().toList();
    long total = backends.stream().mapToLong(RouteTraffic::weight).sum();
    List<String> shares = backends.stream()
        .map(one -> ShareWords.percent(weight(one), total) + " " + backend(one, namespace))
        .toList();
    facts.put("shares", String.join(", ", shares));
    for (JsonNode backend : backends) {
      SequencedMap<String, String> others = new LinkedHashMap<>();
      FieldValues.of(backend, "", others);
      Set.of("group", "kind", "namespace", "name", "weight").forEach(others::remove);
      others.forEach(
          (field, value) -> facts.put(field + " of " + backend(backend, namespace), value));
    }
    rule.propertyStream()
        .filter(field -> !TOLD.contains(field.getKey()))
        .forEach(field -> FieldValues.of(field.getValue(), field.getKey(), facts));
    return facts;
  }

  private static List<String> parents(JsonNode spec, String namespace) {
    return spec.path("parentRefs")
        .valueStream()
        .map(parent -> reference(parent, "Gateway", namespace)
            + (parent.has("sectionName") ? " " + parent.path("sectionName").asString("") : ""))
        .toList();
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

  /** The conditions of a match in words; the model's name is added to {@code names}. */
  private static List<String> conditions(JsonNode match, List<String> names) {
    List<String> conditions = new ArrayList<>();
    JsonNode path = match.path("path");
    if (!path.isMissingNode() && !path.path("value").asString("/").equals("/")) {
      conditions.add("path " + words(path, "PathPrefix"));
    }
    if (match.has("method")) {
      conditions.add("method " + match.path("method").asString(""));
    }
    for (JsonNode header : match.path("headers").values()) {
      String name = header.path("name").asString("");
      if (name.toLowerCase(Locale.ROOT).equals(ModelHeader.NAME)) {
        names.add(header.path("value").asString(""));
      } else {
        conditions.add("header " + name + " " + words(header, "Exact"));
      }
    }
    for (JsonNode parameter : match.path("queryParams").values()) {
      conditions.add("query parameter " + parameter.path("name").asString(""));
    }
    return conditions;
  }

  private static String words(JsonNode condition, String usual) {
    return condition.path("type").asString(usual) + " "
        + condition.path("value").asString("");
  }

  private static List<String> texts(JsonNode list) {
    return list.valueStream().map(one -> one.asString("")).toList();
  }
}
