package dev.pointsman.model;

import dev.pointsman.model.Diagnostic.Reason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Reads an InferencePool of either API group: {@code inference.networking.k8s.io/v1} and
 * {@code inference.networking.x-k8s.io/v1alpha2}. The same object from a hook, a file or a watch gives the same pool.
 * Unknown fields are ignored.
 */
public final class PoolParser {
  /** The port of a v1alpha2 picker without a port. */
  static final int DEFAULT_PICKER_PORT = 9002;

  private static final int MAX_TARGET_PORTS = 8;
  private static final int MAX_PROBLEMS = 16;

  private final ObjectRef about;
  private final JsonNode spec;
  private final List<Diagnostic> problems = new ArrayList<>();
  private final List<Diagnostic> remarks = new ArrayList<>();

  private PoolParser(ObjectRef about, JsonNode spec) {
    this.about = about;
    this.spec = spec;
  }

  /** Whether the object is an InferencePool of a supported group. */
  public static boolean isPool(JsonNode object) {
    return object.path("kind").asString("").equals("InferencePool")
        && isKnownGroup(groupOf(object.path("apiVersion").asString("")));
  }

  /**
   * Reads a pool.
   *
   * @param object the whole object, from the API server or a YAML file
   */
  public static Parsed<InferencePool> parse(JsonNode object) {
    String group = groupOf(object.path("apiVersion").asString(""));
    JsonNode metadata = object.path("metadata");
    String name = metadata.path("name").asString("");
    String namespace = metadata.path("namespace").asString("default");
    ObjectRef about =
        new ObjectRef("InferencePool", namespace, name.isEmpty() ? "(unnamed)" : name);
    PoolParser parser = new PoolParser(about, object.path("spec"));
    if (name.isEmpty()) {
      parser.problem(Reason.InvalidInferencePool, "metadata.name", "is missing");
    } else {
      UserStrings.refusedName(name)
          .ifPresent(why -> parser.problem(Reason.InvalidInferencePool, "metadata.name", why));
    }
    UserStrings.refusedLabel(namespace)
        .ifPresent(why -> parser.problem(Reason.InvalidInferencePool, "metadata.namespace", why));
    if (!isKnownGroup(group)) {
      parser.problem(
          Reason.InvalidInferencePool,
          "apiVersion",
          "is not one of " + PoolRef.V1 + "/v1 and " + PoolRef.V1ALPHA2 + "/v1alpha2");
    } else if (!parser.spec.isObject()) {
      parser.problem(Reason.InvalidInferencePool, "spec", "is missing");
    } else {
      return parser.read(new PoolRef(group, namespace, name));
    }
    return new Parsed.Invalid<>(parser.problems);
  }

  private static boolean isKnownGroup(String group) {
    return group.equals(PoolRef.V1) || group.equals(PoolRef.V1ALPHA2);
  }

  private static String groupOf(String apiVersion) {
    int slash = apiVersion.indexOf('/');
    return slash < 0 ? "" : apiVersion.substring(0, slash);
  }

  private Parsed<InferencePool> read(PoolRef ref) {
    boolean v1 = ref.group().equals(PoolRef.V1);
    Map<String, String> selector = v1
        ? labels("spec.selector.matchLabels", spec.path("selector").path("matchLabels"))
        : labels("spec.selector", spec.path("selector"));
    List<Integer> ports =
        v1 ? targetPorts() : List.of(port("spec.targetPortNumber", spec.path("targetPortNumber")));
    AppProtocol protocol = appProtocol();
    Optional<EndpointPicker> picker = v1
        ? picker(ref, "spec.endpointPickerRef", spec.path("endpointPickerRef"))
        : picker(ref, "spec.extensionRef", spec.path("extensionRef"));
    return problems.isEmpty()
        ? new Parsed.Valid<>(new InferencePool(ref, selector, ports, protocol, picker), remarks)
        : new Parsed.Invalid<>(problems);
  }

  private Map<String, String> labels(String field, JsonNode node) {
    Map<String, String> labels = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> label : node.properties()) {
      if (label.getValue().isString()) {
        labels.put(label.getKey(), label.getValue().asString());
      } else {
        problem(Reason.InvalidInferencePool, field + "." + label.getKey(), "is not a string");
      }
    }
    if (labels.isEmpty()) {
      problem(
          Reason.InvalidInferencePool,
          field,
          "is missing or empty: name the labels of the pool's pods");
    }
    return labels;
  }

  private List<Integer> targetPorts() {
    JsonNode node = spec.path("targetPorts");
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      int port = port("spec.targetPorts[" + i + "].number", node.path(i).path("number"));
      if (!ports.contains(port)) {
        ports.add(port);
      }
    }
    if (ports.isEmpty()) {
      problem(
          Reason.InvalidInferencePool,
          "spec.targetPorts",
          "is missing or empty: name at least one port");
    } else if (ports.size() > MAX_TARGET_PORTS) {
      problem(
          Reason.InvalidInferencePool,
          "spec.targetPorts",
          "has " + ports.size() + " ports, but at most " + MAX_TARGET_PORTS + " are allowed");
    }
    return ports;
  }

  private AppProtocol appProtocol() {
    String protocol = spec.path("appProtocol").asString("http");
    return switch (protocol) {
      case "http" -> AppProtocol.HTTP;
      case "kubernetes.io/h2c" -> AppProtocol.H2C;
      default -> {
        problem(
            Reason.InvalidInferencePool,
            "spec.appProtocol",
            "is \"" + protocol + "\": use http or kubernetes.io/h2c");
        yield AppProtocol.HTTP;
      }
    };
  }

  private Optional<EndpointPicker> picker(PoolRef ref, String field, JsonNode node) {
    if (node.isMissingNode() || node.isNull()) {
      remarks.add(new Diagnostic(
          Reason.InvalidExtensionRef,
          about,
          field,
          "is missing: the gateway chooses among the pool's pods by itself, least requests first"));
      return Optional.empty();
    }
    String kind = node.path("kind").asString("Service");
    String group = node.path("group").asString("");
    if (!kind.equals("Service") || !group.isEmpty()) {
      problem(
          Reason.InvalidExtensionRef,
          field + ".kind",
          "is " + (group.isEmpty() ? "" : group + "/") + kind
              + ": only a core Service can be an endpoint picker");
      return Optional.empty();
    }
    String name = node.path("name").asString("");
    if (name.isEmpty()) {
      problem(Reason.InvalidExtensionRef, field + ".name", "is missing: name the picker's Service");
    } else {
      // The pool's CRD allows 253 characters here; the resulting server name for TLS would be too
      // long for Envoy.
      UserStrings.refusedLabel(name)
          .ifPresent(why -> problem(Reason.InvalidExtensionRef, field + ".name", why));
    }
    int port = pickerPort(field, node);
    return Optional.of(
        new EndpointPicker(new ServicePort(ref.namespace(), name, port), failureMode(field, node)));
  }

  private int pickerPort(String field, JsonNode node) {
    JsonNode v1 = node.path("port").path("number");
    JsonNode v1alpha2 = node.path("portNumber");
    if (v1.isMissingNode() && v1alpha2.isMissingNode()) {
      return DEFAULT_PICKER_PORT;
    }
    return v1.isMissingNode()
        ? port(field + ".portNumber", v1alpha2)
        : port(field + ".port.number", v1);
  }

  private FailureMode failureMode(String field, JsonNode node) {
    String mode = node.path("failureMode").asString("FailClose");
    return switch (mode) {
      case "FailOpen" -> FailureMode.FAIL_OPEN;
      case "FailClose" -> FailureMode.FAIL_CLOSE;
      default -> {
        remarks.add(new Diagnostic(
            Reason.InvalidExtensionRef,
            about,
            field + ".failureMode",
            "is \"" + mode + "\", taken as FailClose: use FailOpen or FailClose"));
        yield FailureMode.FAIL_CLOSE;
      }
    };
  }

  private int port(String field, JsonNode node) {
    if (node.isIntegralNumber()
        && node.canConvertToInt()
        && node.asInt() >= 1
        && node.asInt() <= 65535) {
      return node.asInt();
    }
    String found = node.isMissingNode() ? "is missing" : "is " + node;
    problem(
        field.contains("extensionRef") || field.contains("endpointPickerRef")
            ? Reason.InvalidExtensionRef
            : Reason.InvalidInferencePool,
        field,
        found + ": use a port from 1 to 65535");
    return 0;
  }

  /** Adds a problem. Each route of the pool carries all problems, so their number is limited. */
  private void problem(Reason reason, String field, String message) {
    if (problems.size() < MAX_PROBLEMS) {
      problems.add(new Diagnostic(reason, about, field, message));
    }
  }
}
