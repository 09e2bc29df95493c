package dev.pointsman.differential;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/** The objects of a situation as YAML, for one side. */
record Rendering(Situation situation, Addresses addresses, Side side) {
  /** Documents as one file. */
  static String documents(Stream<String> documents) {
    return documents.map(String::stripTrailing).collect(Collectors.joining("\n---\n", "", "\n"));
  }

  /** All objects of the situation, for a reader. */
  String all() {
    return documents(forGateway().stream());
  }

  /** The name of its listeners. */
  String listener() {
    return "l" + addresses.slot();
  }

  /** The objects for Envoy Gateway. */
  List<String> forGateway() {
    List<String> documents = new ArrayList<>();
    situation.backends().forEach(backend -> documents.add(objects().backend(backend)));
    situation.routes().forEach(rules -> documents.add(route(rules)));
    for (Rule rule : situation.rules()) {
      String route = route(rule).getFirst().name();
      policies(
          documents,
          attachment(rule.number()),
          "kind: HTTPRoute, name: " + route
              + (rule.policyOnRule() ? ", sectionName: " + rule.section() : ""),
          rule.features(),
          rule.modelByPolicy() ? List.of("models: [{name: " + model(rule) + "}]") : List.of());
    }
    policies(
        documents,
        attachment(-1),
        "kind: Gateway, name: " + BatchObjects.name(0) + ", sectionName: " + listener(),
        situation.listener(),
        List.of());
    return documents;
  }

  private List<Rule> route(Rule rule) {
    return situation.routes().stream()
        .filter(rules -> rules.contains(rule))
        .findFirst()
        .orElseThrow();
  }

  private BackendObjects objects() {
    return new BackendObjects(situation.namespace(), addresses, side);
  }

  private Attachment attachment(int rule) {
    return new Attachment(situation.seed(), rule, addresses);
  }

  /** The features' policies and objects. */
  private void policies(
      List<String> documents,
      Attachment attachment,
      String target,
      List<Feature> features,
      List<String> models) {
    features.forEach(feature -> documents.addAll(feature.objects(attachment)));
    Map<String, List<String>> kinds = new LinkedHashMap<>();
    kinds.put("ClientTrafficPolicy", fields(features, Feature::clientTraffic));
    kinds.put("BackendTrafficPolicy", backendTraffic(features));
    kinds.put("SecurityPolicy", fields(features, feature -> feature.security(attachment)));
    kinds.put("EnvoyExtensionPolicy", fields(features, feature -> feature.extension(attachment)));
    if (side == Side.POINTSMAN) {
      List<String> inference = new ArrayList<>(fields(features, Feature::inference));
      inference.addAll(models);
      kinds.put("InferencePolicy", inference);
    }
    kinds.forEach((kind, fields) -> {
      if (!fields.isEmpty()) {
        documents.add(policy(attachment, kind, target, fields));
      }
    });
  }

  /**
   * The fields of the BackendTrafficPolicy. It replaces that of the listener, unless an InferencePolicy has its fields
   * with Pointsman.
   */
  private List<String> backendTraffic(List<Feature> features) {
    List<String> own = fields(features, feature -> feature.backendTraffic(side));
    boolean replaces =
        !fields(features, feature -> feature.backendTraffic(Side.POINTSMAN)).isEmpty();
    return own.isEmpty() || replaces
        ? own
        : Stream.concat(own.stream(), Stream.of("mergeType: StrategicMerge")).toList();
  }

  private static List<String> fields(
      List<Feature> features, Function<Feature, List<String>> fields) {
    return features.stream().flatMap(feature -> fields.apply(feature).stream()).toList();
  }

  private static String policy(Attachment at, String kind, String target, List<String> fields) {
    String group = kind.equals("InferencePolicy") ? "pointsman.dev" : "gateway.envoyproxy.io";
    return """
        apiVersion: %s/v1alpha1
        kind: %s
        metadata: {name: %s, namespace: %s}
        spec:
          targetRefs: [{group: gateway.networking.k8s.io, %s}]
          %s
        """.formatted(
            group, kind, at.route(), at.namespace(), target, String.join("\n  ", fields));
  }

  private String route(List<Rule> rules) {
    Rule first = rules.getFirst();
    String parents = first.gateways().stream()
        .map(gateway -> "{name: " + BatchObjects.name(gateway)
            + ", namespace: default, sectionName: " + listener() + "}")
        .collect(Collectors.joining(", "));
    return """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: %s, namespace: %s, creationTimestamp: "2025-01-01T00:00:%02dZ"}
        spec:
          parentRefs: [%s]
          hostnames: [%s]
          rules:
        """.formatted(
                first.name(), situation.namespace(), first.number(), parents, situation.host())
        + rules.stream().map(this::rule).collect(Collectors.joining());
  }

  private String rule(Rule rule) {
    Attachment attachment = attachment(rule.number());
    List<String> match = new ArrayList<>();
    match.add("path: {type: " + (rule.exactPath() ? "Exact" : "PathPrefix") + ", value: "
        + rule.path() + "}");
    match.addAll(rule.matches());
    String others = "{" + String.join(", ", match) + "}";
    if (rule.hasModel() && !(rule.modelByPolicy() && side == Side.POINTSMAN)) {
      match.add("headers: [{name: X-Gateway-Model-Name, value: " + model(rule) + "}]");
    }
    boolean takesOthers = rule.modelByPolicy() && side == Side.STOCK;
    List<String> filters = rule.features().stream()
        .flatMap(feature -> feature.filters(attachment, side).stream())
        .map(filter -> "    - " + filter + "\n")
        .toList();
    String backends = rule.backends().stream()
        .map(backend -> "    - {" + reference(backend) + ", name: " + backend.name() + ", weight: "
            + backend.weight() + "}\n")
        .collect(Collectors.joining());
    String more = rule.features().stream()
        .flatMap(feature -> feature.ruleFields().stream())
        .map(field -> "    " + field + "\n")
        .collect(Collectors.joining());
    return """
          - name: %s
            matches: [{%s}%s]
        """.formatted(rule.section(), String.join(", ", match), takesOthers ? ", " + others : "")
        + (filters.isEmpty() ? "" : "    filters:\n" + String.join("", filters))
        + "    backendRefs:\n" + backends + more;
  }

  private static String model(Rule rule) {
    return JsonMapper.shared().writeValueAsString(rule.model());
  }

  private String reference(Backend backend) {
    return objects().isPool(backend)
        ? "group: " + BackendObjects.POOL_GROUP + ", kind: InferencePool"
        : "group: gateway.envoyproxy.io, kind: Backend";
  }

  /** The objects for Pointsman. */
  List<String> forPointsman() {
    List<String> documents = new ArrayList<>();
    if (side == Side.POINTSMAN) {
      situation.routes().forEach(rules -> documents.add(route(rules)));
      situation
          .backends()
          .filter(Backend::isPool)
          .forEach(backend -> documents.addAll(objects().ofPool(backend)));
    }
    return documents;
  }
}
