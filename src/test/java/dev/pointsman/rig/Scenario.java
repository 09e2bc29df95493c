package dev.pointsman.rig;

import dev.pointsman.config.HostPort;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A folder of YAML that says what the rig has to play: {@code gateway/} is what Envoy Gateway gets (and Pointsman the
 * pools of it), {@code cluster/} what only Pointsman gets. Each Pod becomes a model server at its podIP, each Service
 * that a pool names an endpoint picker at the address of its EndpointSlice, knowing the pool's pods.
 */
public record Scenario(Path folder, List<JsonNode> objects) {
  /**
   * A model server to play.
   *
   * @param image of its first container, which has the arguments
   */
  record Pod(
      String name,
      Map<String, String> labels,
      HostPort address,
      String image,
      List<String> arguments) {}

  /**
   * A picker to play.
   *
   * @param endpoints of the pool's pods
   */
  record Picker(String service, HostPort address, List<String> endpoints) {}

  public Scenario {
    objects = List.copyOf(objects);
  }

  /** Reads the folder. */
  public static Scenario read(Path folder) {
    return new Scenario(
        folder,
        Stream.concat(
                Manifests.objects(folder.resolve("gateway")).stream(),
                Manifests.objects(folder.resolve("cluster")).stream())
            .toList());
  }

  /** Additional settings of Envoy Gateway, as YAML. */
  String settings() {
    Path file = folder.resolve("envoy-gateway.yaml");
    return Files.exists(file) ? "\n" + TextFiles.read(file) : "";
  }

  /** Ports on which the gateway's listeners take requests. */
  Set<Integer> listenerPorts() {
    Set<Integer> ports = new TreeSet<>();
    for (JsonNode gateway : kind("Gateway")) {
      gateway
          .path("spec")
          .path("listeners")
          .forEach(listener -> ports.add(listener.path("port").asInt()));
    }
    return ports;
  }

  boolean hasHttps() {
    return kind("Gateway").stream()
        .flatMap(gateway -> gateway.path("spec").path("listeners").valueStream())
        .anyMatch(listener -> listener.path("protocol").asString("").equals("HTTPS"));
  }

  List<Pod> pods() {
    return kind("Pod").stream()
        .map(pod -> {
          JsonNode container = pod.path("spec").path("containers").path(0);
          return new Pod(
              name(pod),
              strings(pod.path("metadata").path("labels")),
              address(pod),
              container.path("image").asString(""),
              container.path("args").valueStream().map(JsonNode::asString).toList());
        })
        .toList();
  }

  List<Picker> pickers() {
    List<Picker> pickers = new ArrayList<>();
    Set<String> known = new LinkedHashSet<>();
    for (JsonNode pool : kind("InferencePool")) {
      JsonNode spec = pool.path("spec");
      String service = spec.path("extensionRef")
          .path("name")
          .asString(spec.path("endpointPickerRef").path("name").asString(""));
      if (!service.isEmpty() && known.add(service)) {
        pickers.add(new Picker(service, pickerAddress(service), endpoints(spec)));
      }
    }
    return pickers;
  }

  private List<String> endpoints(JsonNode poolSpec) {
    JsonNode labels = poolSpec.path("selector").has("matchLabels")
        ? poolSpec.path("selector").path("matchLabels")
        : poolSpec.path("selector");
    int port = poolSpec
        .path("targetPortNumber")
        .asInt(poolSpec.path("targetPorts").path(0).path("number").asInt(0));
    return pods().stream()
        .filter(pod -> pod.labels().entrySet().containsAll(strings(labels).entrySet()))
        .map(pod -> pod.address().host() + ":" + port)
        .toList();
  }

  private HostPort pickerAddress(String service) {
    for (JsonNode slice : kind("EndpointSlice")) {
      String owner = slice
          .path("metadata")
          .path("labels")
          .path("kubernetes.io/service-name")
          .asString("");
      if (owner.equals(service)) {
        return new HostPort(
            slice.path("endpoints").path(0).path("addresses").path(0).asString(),
            slice.path("ports").path(0).path("port").asInt());
      }
    }
    throw new IllegalStateException(folder + ": no EndpointSlice of Service " + service);
  }

  private static HostPort address(JsonNode pod) {
    JsonNode port = pod.path("spec").path("containers").path(0).path("ports").path(0);
    return new HostPort(
        pod.path("status").path("podIP").asString(), port.path("containerPort").asInt());
  }

  private static String name(JsonNode object) {
    return object.path("metadata").path("name").asString();
  }

  private static Map<String, String> strings(JsonNode labels) {
    Map<String, String> strings = new TreeMap<>();
    labels
        .properties()
        .forEach(label -> strings.put(label.getKey(), label.getValue().asString()));
    return strings;
  }

  private List<JsonNode> kind(String kind) {
    return objects.stream()
        .filter(object -> object.path("kind").asString("").equals(kind))
        .toList();
  }
}
