package dev.pointsman.kube;

import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.EndpointSlice;
import dev.pointsman.model.Parsed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Reads what we need of an EndpointSlice: the addresses of its ready endpoints and its TCP ports. */
public final class EndpointSliceParser {
  private static final String SERVICE_LABEL = "kubernetes.io/service-name";

  private EndpointSliceParser() {}

  /**
   * Reads an EndpointSlice; an address or a port that cannot be used is left out with a remark.
   *
   * @param object the whole object, as the API server or a YAML file gives it
   */
  public static Parsed<EndpointSlice> parse(JsonNode object) {
    KubeObject slice = new KubeObject(object);
    String service = slice.labels().getOrDefault(SERVICE_LABEL, "");
    if (slice.name().isEmpty()) {
      return slice.invalid("metadata.name", "is missing");
    }
    if (service.isEmpty()) {
      return slice.invalid("metadata.labels", SERVICE_LABEL + " is missing: name the Service");
    }
    List<Diagnostic> remarks = new ArrayList<>();
    return new Parsed.Valid<>(
        new EndpointSlice(
            slice.namespace(),
            service,
            addresses(slice, object.path("endpoints"), remarks),
            ports(slice, object.path("ports"), remarks)),
        remarks);
  }

  private static List<String> addresses(
      KubeObject slice, JsonNode endpoints, List<Diagnostic> remarks) {
    List<String> addresses = new ArrayList<>();
    for (int i = 0; i < endpoints.size(); i++) {
      // The API: a missing condition means ready.
      if (!endpoints.path(i).path("conditions").path("ready").asBoolean(true)) {
        continue;
      }
      for (JsonNode node : endpoints.path(i).path("addresses")) {
        String address = node.asString("");
        if (IpAddresses.isLiteral(address)) {
          addresses.add(address);
        } else {
          remarks.add(slice.diagnostic(
              "endpoints[" + i + "].addresses", "has \"" + address + "\": not an IP address"));
        }
      }
    }
    return addresses;
  }

  private static Map<String, Integer> ports(
      KubeObject slice, JsonNode ports, List<Diagnostic> remarks) {
    Map<String, Integer> byName = new HashMap<>();
    for (int i = 0; i < ports.size(); i++) {
      int number = Ports.number(ports.path(i).path("port"));
      if (!Ports.isTcp(ports.path(i))) {
        continue;
      }
      if (number > 0) {
        byName.put(ports.path(i).path("name").asString(""), number);
      } else {
        remarks.add(slice.diagnostic("ports[" + i + "].port", "is not a port from 1 to 65535"));
      }
    }
    return byName;
  }
}
