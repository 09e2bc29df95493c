package dev.pointsman.model;

import dev.pointsman.model.Diagnostic.Reason;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Reads an InferencePool of either API group: {@code inference.networking.k8s.io/v1} and
 * {@code inference.networking.x-k8s.io/v1alpha2}. The same object from a hook, a file or a watch gives the same pool.
 * Fields that it does not know are passed over.
 */
public final class PoolParser {
  /** The port of a v1alpha2 picker that names none. */
  static final int DEFAULT_PICKER_PORT = 9002;

  private static final int MAX_TARGET_PORTS = 8;

  /** The role of the ports that are endpoints, which is the default. */
  private static final String SERVING = "Serving";

  private static final List<String> ROLES = List.of(SERVING, "Metrics", "Health");

  private final Findings findings;
  private final Fields spec;

  private PoolParser(Findings findings, Fields spec) {
    this.findings = findings;
    this.spec = spec;
  }

  /** Whether the object is an InferencePool of a group that we serve. */
  public static boolean isPool(JsonNode object) {
    return object.path("kind").asString("").equals("InferencePool")
        && isKnownGroup(groupOf(object.path("apiVersion").asString("")));
  }

  /**
   * Reads a pool.
   *
   * @param object the whole object, as the API server or a YAML file gives it
   */
  public static Parsed<InferencePool> parse(JsonNode object) {
    String group = groupOf(object.path("apiVersion").asString(""));
    JsonNode metadata = object.path("metadata");
    String name = metadata.path("name").asString("");
    String namespace = metadata.path("namespace").asString("default");
    Findings findings = new Findings(
        Reason.InvalidInferencePool,
        new ObjectRef("InferencePool", namespace, name.isEmpty() ? "(unnamed)" : name));
    if (name.isEmpty()) {
      findings.problem("metadata.name", "is missing");
    }
    Fields written = Fields.of(findings, object).part("metadata");
    written.check("name", name, UserStrings::refusedName);
    written.check("namespace", namespace, UserStrings::refusedLabel);
    if (!isKnownGroup(group)) {
      findings.problem(
          "apiVersion",
          "is not one of " + PoolRef.V1 + "/v1 and " + PoolRef.V1ALPHA2 + "/v1alpha2");
    } else if (!object.path("spec").isObject()) {
      findings.problem("spec", "is missing");
    } else {
      Fields spec = Fields.of(findings, object).part("spec");
      return new PoolParser(findings, spec).read(new PoolRef(group, namespace, name));
    }
    return findings.refused();
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
    Map<String, String> selector =
        v1 ? labels(spec.part("selector"), "matchLabels") : labels(spec, "selector");
    List<Integer> ports =
        v1 ? targetPorts() : List.of(spec.port("targetPortNumber").orElse(0));
    AppProtocol protocol = appProtocol();
    Optional<EndpointPicker> picker = picker(ref.namespace(), ref.pickerField());
    return findings.parsed(() -> new InferencePool(ref, selector, ports, protocol, picker));
  }

  private static Map<String, String> labels(Fields parent, String name) {
    Map<String, String> labels = parent.map(name);
    if (labels.isEmpty()) {
      parent.problem(name, "is missing or empty: name the labels of the pool's pods");
    }
    Fields written = parent.part(name);
    labels.keySet().forEach(written::string); // a label that is not a string selects nothing
    return labels;
  }

  private List<Integer> targetPorts() {
    Set<Integer> all = new HashSet<>();
    Set<Integer> serving = new LinkedHashSet<>();
    for (Fields port : spec.parts("targetPorts")) {
      int number = port.port("number").orElse(0);
      all.add(number);
      if (isServing(port, number)) {
        serving.add(number);
      }
    }
    if (all.isEmpty()) {
      spec.problem("targetPorts", "is missing or empty: name at least one port");
    } else if (all.size() > MAX_TARGET_PORTS) {
      spec.problem(
          "targetPorts",
          "has " + all.size() + " ports, but at most " + MAX_TARGET_PORTS + " are allowed");
    } else if (serving.isEmpty()) {
      findings.problem(
          Reason.NoServingPort,
          spec.path("targetPorts"),
          "has no port with role Serving, so that no request can be sent to the pool's pods: give the port"
              + " of the model server this role, or none");
    }
    return List.copyOf(serving);
  }

  /** A port without a role serves. A port of an unknown role may be anything, so that no request is sent to it. */
  private boolean isServing(Fields port, int number) {
    String role = port.node("role")
        .map(given -> given.isString() ? given.asString() : given.toString())
        .orElse(SERVING);
    if (!ROLES.contains(role)) {
      findings.remark(
          Reason.UnknownPortRole,
          port.path("role"),
          "is \"" + role + "\": port " + number + " gets no requests; use "
              + String.join(", ", ROLES));
    }
    return role.equals(SERVING);
  }

  private AppProtocol appProtocol() {
    return spec.choice("appProtocol", "http", "kubernetes.io/h2c")
            .orElse("http")
            .equals("http")
        ? AppProtocol.HTTP
        : AppProtocol.H2C;
  }

  private Optional<EndpointPicker> picker(String namespace, String field) {
    if (!spec.has(field)) {
      findings.remark(
          Reason.NoPicker,
          spec.path(field),
          "is missing: the gateway chooses among the pool's pods by itself, least requests first");
      return Optional.empty();
    }
    Fields ref = spec.reporting(
            (path, message) -> findings.problem(Reason.InvalidExtensionRef, path, message))
        .part(field);
    String kind = ref.text("kind", "Service");
    String group = ref.text("group");
    if (!kind.equals("Service") || !group.isEmpty()) {
      ref.problem(
          "kind",
          "is " + (group.isEmpty() ? "" : group + "/") + kind
              + ": only a core Service can be an endpoint picker");
      return Optional.empty();
    }
    String name = ref.required("name", "name the picker's Service");
    // The pools' definition allows any 253 characters here, of which TLS would get a name too long
    // for Envoy.
    ref.check("name", name, UserStrings::refusedLabel);
    return Optional.of(
        new EndpointPicker(new ServicePort(namespace, name, port(ref)), failureMode(ref)));
  }

  private static int port(Fields picker) {
    Fields v1 = picker.part("port");
    if (v1.has("number")) {
      return v1.port("number").orElse(0);
    }
    return picker.has("portNumber") ? picker.port("portNumber").orElse(0) : DEFAULT_PICKER_PORT;
  }

  private FailureMode failureMode(Fields picker) {
    String mode = picker.text("failureMode", "FailClose");
    if (!mode.equals("FailOpen") && !mode.equals("FailClose")) {
      findings.remark(
          Reason.InvalidExtensionRef,
          picker.path("failureMode"),
          "is \"" + mode + "\", taken as FailClose: use FailOpen or FailClose");
    }
    return mode.equals("FailOpen") ? FailureMode.FAIL_OPEN : FailureMode.FAIL_CLOSE;
  }
}
