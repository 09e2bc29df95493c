package dev.pointsman.kube;

import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Parsed;
import dev.pointsman.model.Service;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Reads what we need of a Service: its TCP ports and its selector. */
public final class ServiceParser {
  private ServiceParser() {}

  /**
   * Reads a Service; a port that cannot be used is left out with a remark.
   *
   * @param object the whole object, as the API server or a YAML file gives it
   */
  public static Parsed<Service> parse(JsonNode object) {
    KubeObject service = new KubeObject(object);
    if (service.name().isEmpty()) {
      return service.invalid("metadata.name", "is missing");
    }
    JsonNode spec = object.path("spec");
    List<Service.Port> ports = new ArrayList<>();
    List<Diagnostic> remarks = new ArrayList<>();
    for (int i = 0; i < spec.path("ports").size(); i++) {
      JsonNode port = spec.path("ports").path(i);
      if (Ports.isTcp(port)) {
        readPort(service, "spec.ports[" + i + "]", port, ports, remarks);
      }
    }
    return new Parsed.Valid<>(
        new Service(
            service.namespace(),
            service.name(),
            spec.path("type").asString("").equals("ExternalName"),
            KubeObject.strings(spec.path("selector")),
            ports),
        remarks);
  }

  private static void readPort(
      KubeObject service,
      String field,
      JsonNode port,
      List<Service.Port> ports,
      List<Diagnostic> remarks) {
    int number = Ports.number(port.path("port"));
    if (number == 0) {
      remarks.add(service.diagnostic(
          field + ".port", said(port.path("port")) + ": use a port from 1 to 65535"));
      return;
    }
    JsonNode target = port.path("targetPort");
    boolean named = target.isString() && !target.asString().isEmpty();
    boolean absent = target.isMissingNode() || target.isNull();
    int targetNumber = absent ? number : Ports.number(target);
    if (!named && targetNumber == 0) {
      remarks.add(service.diagnostic(
          field + ".targetPort",
          said(target) + ": use a port from 1 to 65535 or the name of a pod's port"));
      return;
    }
    ports.add(new Service.Port(port.path("name").asString(""), number, targetNumber));
  }

  private static String said(JsonNode node) {
    return node.isMissingNode() ? "is missing" : "is " + node;
  }
}
