package dev.pointsman.analyze;

import dev.pointsman.kube.Manifest;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The hostnames of listeners and routes. */
final class Listeners {
  private static final List<String> ALL = List.of("*");

  private Listeners() {}

  /** The hostnames that a route has on a listener, {@code *} for all; none if they have none in common. */
  static List<String> hostnames(JsonNode listener, Manifest route) {
    String host = listener.path("hostname").asString("");
    List<String> hostnames = hostnames(route);
    if (host.isEmpty()) {
      return hostnames;
    }
    return hostnames.equals(ALL)
        ? List.of(host)
        : hostnames.stream().flatMap(one -> narrower(host, one).stream()).toList();
  }

  /** The hostnames of a route, {@code *} for all. */
  static List<String> hostnames(Manifest route) {
    JsonNode hostnames = route.node().path("spec").path("hostnames");
    return hostnames.isEmpty()
        ? ALL
        : hostnames.values().stream().map(one -> one.asString("")).toList();
  }

  private static Optional<String> narrower(String one, String other) {
    return Stream.of(one, other)
        .filter(host -> covers(one, host) && covers(other, host))
        .findFirst();
  }

  private static boolean covers(String wide, String host) {
    return wide.equals(host) || wide.startsWith("*.") && host.endsWith(wide.substring(1));
  }
}
