package dev.pointsman.kube;

import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.EndpointSlice;
import dev.pointsman.model.Parsed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Reads what we need of an EndpointSlice: the addresses of its endpoints that can serve, and its TCP ports. */
public final class EndpointSliceParser {
  private static final String SERVICE_LABEL = "kubernetes.io/service-name";

  private EndpointSliceParser() {}

  /**
   * Reads an EndpointSlice; an address or a port that cannot be used is left out with a remark.
   *
   * @param object the whole object, as the API server or a YAML file gives it
   * @param allowed the addresses that it may have
   */
  public static Parsed<EndpointSlice> parse(JsonNode object, Addresses allowed) {
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
            addresses(slice, object.path("endpoints"), allowed, remarks),
            ports(slice, object.path("ports"), remarks)),
        remarks);
  }

  private static List<String> addresses(
      KubeObject slice, JsonNode endpoints, Addresses allowed, List<Diagnostic> remarks) {
    List<String> addresses = new ArrayList<>();
    for (int i = 0; i < endpoints.size(); i++) {
      if (!canServe(endpoints.path(i).path("conditions"))) {
        continue;
      }
      for (JsonNode node : endpoints.path(i).path("addresses")) {
        String address = node.asString("");
        Optional<String> refusal = allowed.refusal(address);
        if (refusal.isEmpty()) {
          addresses.add(address);
        } else {
          remarks.add(slice.diagnostic(
              "endpoints[" + i + "].addresses", "has \"" + address + "\": " + refusal.get()));
        }
      }
    }
    return addresses;
  }

  /**
   * {@code ready} alone does not say it: with the Service's {@code publishNotReadyAddresses} it is true of pods that are
   * not ready and of pods that end. The API's meaning of an absent condition is ready, serving and not terminating.
   */
  private static boolean canServe(JsonNode conditions) {
    return conditions.path("ready").asBoolean(true)
        && conditions.path("serving").asBoolean(true)
        && !conditions.path("terminating").asBoolean(false);
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
