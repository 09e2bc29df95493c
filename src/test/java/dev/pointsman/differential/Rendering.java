package dev.pointsman.differential;

import dev.pointsman.rig.Standalone.Objects;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/** The objects of a situation as YAML, for one side. */
record Rendering(Situation situation, Site site, Side side) {
  private static final String GATEWAY = "differential";

  /** A host on which each listener answers 200 once it serves a batch, at {@code /batch-NUMBER}. */
  static final String READY = "ready.differential.test";

  /** A batch's objects: its situations', and the Gateway that has a listener for each. */
  static Objects batch(List<Rendering> batch, int number) {
    String listeners = batch.stream()
        .map(one ->
            "  - {name: %s, protocol: HTTP, port: %d, allowedRoutes: {namespaces: {from: All}}}\n"
                .formatted(one.listener(), one.site.listener()))
        .collect(Collectors.joining());
    String gateway = """
        apiVersion: gateway.networking.k8s.io/v1
        kind: GatewayClass
        metadata: {name: %1$s}
        spec: {controllerName: gateway.envoyproxy.io/gatewayclass-controller}
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: {name: %1$s, namespace: default}
        spec:
          gatewayClassName: %1$s
          listeners:
        """.formatted(GATEWAY) + listeners + """
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: ready, namespace: default}
        spec:
          parentRefs: [{name: %1$s}]
          hostnames: [%3$s]
          rules:
          - matches: [{path: {value: /batch-%2$d}}]
            filters: [{type: ExtensionRef, extensionRef: {group: gateway.envoyproxy.io, kind: HTTPRouteFilter, name: ready}}]
        ---
        apiVersion: gateway.envoyproxy.io/v1alpha1
        kind: HTTPRouteFilter
        metadata: {name: ready, namespace: default}
        spec: {directResponse: {statusCode: 200}}
        """.formatted(GATEWAY, number, READY);
    return new Objects(
        documents(Stream.concat(
            Stream.of(gateway), batch.stream().flatMap(one -> one.forGateway().stream()))),
        documents(batch.stream().flatMap(one -> one.forPointsman().stream())));
  }

  private static String documents(Stream<String> documents) {
    return documents.map(String::stripTrailing).collect(Collectors.joining("\n---\n", "", "\n"));
  }

  /** All of the situation's own objects, to be read. */
  String all() {
    return documents(forGateway().stream());
  }

  private String listener() {
    return "l" + site.slot();
  }

  private List<String> forGateway() {
    List<String> documents = new ArrayList<>();
    situation.backends().forEach(backend -> documents.add(objects().backend(backend)));
    for (Rule rule : situation.rules()) {
      Place place = place(rule.number());
      documents.add(route(rule));
      rule.features().forEach(feature -> documents.addAll(feature.objects(place)));
      policies(rule, documents);
    }
    String target = "{group: gateway.networking.k8s.io, kind: Gateway, name: " + GATEWAY
        + ", sectionName: " + listener() + "}";
    policy(
        documents,
        "default",
        "s" + situation.seed(),
        "gateway.envoyproxy.io/v1alpha1",
        "ClientTrafficPolicy",
        target,
        fields(situation.listener(), Feature::clientTraffic));
    if (side == Side.POINTSMAN) {
      policy(
          documents,
          "default",
          "s" + situation.seed(),
          "pointsman.dev/v1alpha1",
          "InferencePolicy",
          target,
          fields(situation.listener(), Feature::inference));
    }
    return documents;
  }

  private BackendObjects objects() {
    return new BackendObjects(place(-1).namespace(), site, side);
  }

  private Place place(int rule) {
    return new Place(situation.seed(), rule, site);
  }

  private void policies(Rule rule, List<String> documents) {
    Place place = place(rule.number());
    String target = "{group: gateway.networking.k8s.io, kind: HTTPRoute, name: " + place.route()
        + (rule.policyOnRule() ? ", sectionName: main}" : "}");
    List<Feature> all = rule.features();
    String envoy = "gateway.envoyproxy.io/v1alpha1";
    policy(
        documents,
        place.namespace(),
        place.route(),
        envoy,
        "BackendTrafficPolicy",
        target,
        fields(all, feature -> feature.backendTraffic(side)));
    policy(
        documents,
        place.namespace(),
        place.route(),
        envoy,
        "SecurityPolicy",
        target,
        fields(all, feature -> feature.security(place)));
    policy(
        documents,
        place.namespace(),
        place.route(),
        envoy,
        "EnvoyExtensionPolicy",
        target,
        fields(all, feature -> feature.extension(place)));
    if (side == Side.POINTSMAN) {
      List<String> inference = new ArrayList<>(fields(all, Feature::inference));
      if (rule.modelByPolicy()) {
        inference.add("models: [{name: " + model(rule) + "}]");
      }
      policy(
          documents,
          place.namespace(),
          place.route(),
          "pointsman.dev/v1alpha1",
          "InferencePolicy",
          target,
          inference);
    }
  }

  private static List<String> fields(
      List<Feature> features, Function<Feature, List<String>> fields) {
    return features.stream().flatMap(feature -> fields.apply(feature).stream()).toList();
  }

  private static void policy(
      List<String> documents,
      String namespace,
      String name,
      String apiVersion,
      String kind,
      String target,
      List<String> fields) {
    if (!fields.isEmpty()) {
      documents.add(
          """
          apiVersion: %s
          kind: %s
          metadata: {name: %s, namespace: %s}
          spec:
            targetRefs: [%s]
            %s
          """.formatted(apiVersion, kind, name, namespace, target, String.join("\n  ", fields)));
    }
  }

  private String route(Rule rule) {
    Place place = place(rule.number());
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
        .flatMap(feature -> feature.filters(place, side).stream())
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
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: %s, namespace: %s, creationTimestamp: "2025-01-01T00:00:%02dZ"}
        spec:
          parentRefs: [{name: %s, namespace: default, sectionName: %s}]
          hostnames: [%s]
          rules:
          - name: main
            matches: [{%s}%s]
        """.formatted(
                place.route(),
                place.namespace(),
                rule.number(),
                GATEWAY,
                listener(),
                situation.host(),
                String.join(", ", match),
                takesOthers ? ", " + others : "")
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

  private List<String> forPointsman() {
    List<String> documents = new ArrayList<>();
    if (side == Side.POINTSMAN) {
      situation.rules().forEach(rule -> documents.add(route(rule)));
      situation.backends().filter(Backend::isPool).forEach(backend -> {
        documents.addAll(objects().ofPool(backend));
      });
    }
    return documents;
  }
}
