package dev.pointsman.kube;

import dev.pointsman.model.EndpointSlice;
import dev.pointsman.model.Fields;
import dev.pointsman.model.Findings;
import dev.pointsman.model.Parsed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Parses an EndpointSlice: the addresses of the endpoints that can serve, and the TCP ports. */
public final class EndpointSliceParser {
  private static final String SERVICE_LABEL = "kubernetes.io/service-name";

  private EndpointSliceParser() {}

  /**
   * Parses an EndpointSlice; an unusable address or port is skipped with a remark.
   *
   * @param object the whole object, as the API server or a YAML file gives it
   * @param allowed the allowed addresses
   */
  public static Parsed<EndpointSlice> parse(JsonNode object, Addresses allowed) {
    KubeObject slice = new KubeObject(object);
    Findings findings = slice.findings();
    String service = slice.labels().getOrDefault(SERVICE_LABEL, "");
    if (service.isEmpty()) {
      findings.problem("metadata.labels", SERVICE_LABEL + " is missing: name the Service");
    }
    Fields fields = slice.fields(findings).remarking();
    return findings.parsed(() -> {
      List<String> addresses = fields.parts("endpoints").stream()
          .filter(endpoint -> canServe(endpoint.part("conditions")))
          .flatMap(endpoint -> addresses(endpoint, allowed))
          .toList();
      return new EndpointSlice(slice.namespace(), service, addresses, ports(fields));
    });
  }

  private static Stream<String> addresses(Fields endpoint, Addresses allowed) {
    return endpoint.texts("addresses").stream().filter(address -> {
      Optional<String> refusal = allowed.refusal(address);
      refusal.ifPresent(why -> endpoint.problem("addresses", "has \"" + address + "\": " + why));
      return refusal.isEmpty();
    });
  }

  /**
   * Whether the endpoint can serve. {@code ready} alone is not enough: with the Service's
   * {@code publishNotReadyAddresses} it is true for unready and terminating pods. By the API, an absent condition means
   * ready, serving and not terminating.
   */
  private static boolean canServe(Fields conditions) {
    return conditions.flag("ready", true)
        && conditions.flag("serving", true)
        && !conditions.flag("terminating", false);
  }

  private static Map<String, Integer> ports(Fields slice) {
    Map<String, Integer> byName = new HashMap<>();
    slice.parts("ports").stream()
        .filter(PortParser::isTcp)
        .forEach(
            port -> port.port("port").ifPresent(number -> byName.put(port.text("name"), number)));
    return byName;
  }
}
