package dev.pointsman.kube;

import dev.pointsman.model.Fields;
import dev.pointsman.model.Findings;
import dev.pointsman.model.Parsed;
import dev.pointsman.model.Service;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/** Parses the TCP ports and the selector of a Service. */
public final class ServiceParser {
  private ServiceParser() {}

  /**
   * Parses a Service; an unusable port is skipped with a remark.
   *
   * @param object the whole object, as the API server or a YAML file gives it
   */
  public static Parsed<Service> parse(JsonNode object) {
    KubeObject service = new KubeObject(object);
    Findings findings = service.findings();
    Fields spec = service.fields(findings).remarking().part("spec");
    List<Service.Port> ports = spec.parts("ports").stream()
        .filter(PortParser::isTcp)
        .flatMap(port -> port(port).stream())
        .toList();
    return findings.parsed(() -> new Service(
        service.namespace(),
        service.name(),
        spec.text("type").equals("ExternalName"),
        spec.map("selector"),
        ports));
  }

  private static Optional<Service.Port> port(Fields port) {
    OptionalInt number = port.port("port");
    if (number.isEmpty()) {
      return Optional.empty();
    }
    JsonNode target = port.node("targetPort").orElse(NullNode.instance);
    boolean named = target.isString() && !target.asString().isEmpty();
    int targetNumber = target.isNull() ? number.getAsInt() : PortParser.number(target);
    if (!named && targetNumber == 0) {
      port.problem(
          "targetPort",
          "is " + target + ": use a port from 1 to 65535 or the name of a pod's port");
      return Optional.empty();
    }
    return Optional.of(new Service.Port(port.text("name"), number.getAsInt(), targetNumber));
  }
}
