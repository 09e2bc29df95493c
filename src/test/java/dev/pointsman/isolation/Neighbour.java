package dev.pointsman.isolation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * A team that may write in one namespace alone, and writes there whatever names, labels and references of other teams'
 * objects it finds: copies of them with parts exchanged, and pods, EndpointSlices, grants and ConfigMaps that fit to them.
 */
public final class Neighbour {
  /** The namespace that it may write in. */
  public static final String NAMESPACE = "evil";

  private static final JsonMapper JSON = JsonMapper.shared();

  private final Random random;
  private final List<JsonNode> others;
  private final List<String> words;
  private final List<String> namespaces;

  /**
   * A neighbour of some objects.
   *
   * @param others the objects of other teams
   */
  public Neighbour(Random random, List<JsonNode> others) {
    this.random = random;
    this.others = List.copyOf(others);
    TreeSet<String> found = new TreeSet<>(List.of("default", NAMESPACE, "*", "qwen"));
    others.forEach(object -> words(object, found));
    words = List.copyOf(found);
    namespaces = others.stream()
        .map(object -> object.at("/metadata/namespace").asString("default"))
        .distinct()
        .toList();
  }

  /** Every text in the others' objects, and every name of a field or label. */
  public List<String> words() {
    return words;
  }

  private static void words(JsonNode node, TreeSet<String> found) {
    node.properties().forEach(field -> found.add(field.getKey()));
    if (node.isString()) {
      found.add(node.stringValue());
    }
    node.forEach(part -> words(part, found));
  }

  /** Some objects, all of them in its namespace. */
  public List<ObjectNode> objects() {
    List<ObjectNode> objects = new ArrayList<>();
    for (int i = 1 + random.nextInt(12); i > 0; i--) {
      ObjectNode object = random.nextInt(3) == 0 ? drawn() : copied();
      if (object.path("metadata") instanceof ObjectNode metadata) {
        metadata.put("namespace", NAMESPACE);
        metadata.put("creationTimestamp", "2001-01-01T00:00:00Z"); // older than all
      }
      objects.add(object);
    }
    return objects;
  }

  /** An InferencePolicy on a Gateway that is called as one of another team. */
  public ObjectNode gatewayPolicy() {
    ObjectNode policy = object("pointsman.dev/v1alpha1", "InferencePolicy");
    ObjectNode spec = policy.putObject("spec");
    ObjectNode target = spec.putArray("targetRefs")
        .addObject()
        .put("group", "gateway.networking.k8s.io")
        .put("kind", "Gateway")
        .put("name", nameOf("Gateway"));
    if (random.nextInt(3) == 0) {
      target.put("namespace", namespace());
    }
    spec.putObject("model")
        .put("extraction", random.nextBoolean() ? "Disabled" : "Enabled")
        .put("bodyLimit", "1Ki")
        .put("onUnknown", random.nextBoolean() ? "PassThrough" : "NotFound");
    policy.path("metadata").asObject().put("namespace", NAMESPACE);
    return policy;
  }

  private ObjectNode copied() {
    ObjectNode copy = others.get(random.nextInt(others.size())).deepCopy().asObject();
    int oneIn = 1 + random.nextInt(12);
    for (String part : List.of("spec", "data", "status")) {
      if (copy.has(part)) {
        copy.set(part, exchanged(copy.path(part), oneIn));
      }
    }
    if (random.nextBoolean()) {
      copy.path("metadata").asObject().put("name", word());
    }
    return copy;
  }

  /** The value with some texts exchanged, and with a namespace in some references. */
  private JsonNode exchanged(JsonNode value, int oneIn) {
    return switch (value) {
      case ObjectNode object -> {
        ObjectNode exchanged = object.objectNode();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
          exchanged.set(field.getKey(), exchanged(field.getValue(), oneIn));
        }
        if (object.has("name") && random.nextInt(2) == 0) {
          exchanged.put("namespace", namespace());
        }
        yield exchanged;
      }
      case ArrayNode array -> {
        ArrayNode exchanged = array.arrayNode();
        array.forEach(item -> exchanged.add(exchanged(item, oneIn)));
        yield exchanged;
      }
      default ->
        value.isString() && random.nextInt(oneIn) == 0 ? StringNode.valueOf(word()) : value;
    };
  }

  private ObjectNode drawn() {
    return switch (random.nextInt(5)) {
      case 0 -> pod();
      case 1 -> slice();
      case 2 -> grant();
      case 3 -> adapters();
      default -> model();
    };
  }

  private ObjectNode pod() {
    ObjectNode pod = object("v1", "Pod");
    pod.path("metadata").asObject().set("labels", labels());
    ObjectNode status = pod.putObject("status").put("phase", "Running").put("podIP", "10.6.6.6");
    status.putArray("conditions").addObject().put("type", "Ready").put("status", "True");
    return pod;
  }

  /** The labels by which a pool of another team selects its pods. */
  private JsonNode labels() {
    List<JsonNode> selectors = others.stream()
        .map(object -> object.at("/spec/selector/matchLabels"))
        .filter(JsonNode::isObject)
        .toList();
    return selectors.isEmpty()
        ? JSON.createObjectNode().put("app", word())
        : selectors.get(random.nextInt(selectors.size())).deepCopy();
  }

  private ObjectNode slice() {
    ObjectNode slice = object("discovery.k8s.io/v1", "EndpointSlice").put("addressType", "IPv4");
    slice
        .path("metadata")
        .asObject()
        .putObject("labels")
        .put("kubernetes.io/service-name", random.nextBoolean() ? nameOf("Service") : word());
    slice.putArray("ports").addObject().put("port", 9002).put("name", "grpc");
    slice.putArray("endpoints").addObject().putArray("addresses").add("10.6.6.7");
    return slice;
  }

  private ObjectNode grant() {
    ObjectNode grant = object("gateway.networking.k8s.io/v1beta1", "ReferenceGrant");
    ObjectNode spec = grant.putObject("spec");
    spec.putArray("from")
        .addObject()
        .put("group", "gateway.networking.k8s.io")
        .put("kind", "HTTPRoute")
        .put("namespace", NAMESPACE);
    spec.putArray("to")
        .addObject()
        .put("group", "inference.networking.k8s.io")
        .put("kind", "InferencePool");
    return grant;
  }

  private ObjectNode adapters() {
    ObjectNode map = object("v1", "ConfigMap");
    map.path("metadata")
        .asObject()
        .putObject("labels")
        .put("inference.networking.k8s.io/bbr-managed", "true");
    map.putObject("data")
        .put("baseModel", word())
        .put("adapters", "[\"" + word().replace("\"", "") + "\", qwen]");
    return map;
  }

  private ObjectNode model() {
    ObjectNode model = object("inference.networking.x-k8s.io/v1alpha2", "InferenceModel");
    model
        .putObject("spec")
        .put("modelName", word())
        .putObject("poolRef")
        .put("group", "inference.networking.k8s.io")
        .put("name", nameOf("InferencePool"));
    return model;
  }

  private ObjectNode object(String apiVersion, String kind) {
    ObjectNode object = JSON.createObjectNode().put("apiVersion", apiVersion).put("kind", kind);
    object.putObject("metadata").put("name", "neighbour-" + random.nextInt(100));
    return object;
  }

  private String nameOf(String kind) {
    List<String> names = others.stream()
        .filter(object -> object.path("kind").asString("").equals(kind))
        .map(object -> object.at("/metadata/name").asString(""))
        .toList();
    return names.isEmpty() ? word() : names.get(random.nextInt(names.size()));
  }

  private String namespace() {
    return namespaces.get(random.nextInt(namespaces.size()));
  }

  private String word() {
    return words.get(random.nextInt(words.size()));
  }
}
