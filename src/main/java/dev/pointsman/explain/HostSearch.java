package dev.pointsman.explain;

import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The virtual host of a request, by the domain: exact, longest suffix wildcard, longest prefix wildcard, any. */
final class HostSearch {
  private static final int EXACT = 3;
  private static final int SUFFIX = 2;
  private static final int PREFIX = 1;
  private static final int LONGEST = 1 << 16;

  private HostSearch() {}

  /** A virtual host with the domain that took the host. */
  record FoundHost(VirtualHost host, String domain) {}

  static Optional<FoundHost> of(RouteConfiguration routes, AskedRequest request) {
    String host = routes.getIgnorePortInHostMatching()
        ? request.hostName()
        : request.host().toLowerCase(Locale.ROOT);
    int best = -1;
    Optional<FoundHost> found = Optional.empty();
    for (VirtualHost one : routes.getVirtualHostsList()) {
      for (String domain : one.getDomainsList()) {
        int rank = rank(domain.toLowerCase(Locale.ROOT), host);
        if (rank > best) {
          best = rank;
          found = Optional.of(new FoundHost(one, domain));
        }
      }
    }
    return found;
  }

  /** The precedence of a domain, or of a server name; below 0 if it does not take the host. */
  static int rank(String domain, String host) {
    int longer = domain.length();
    if (domain.equals("*")) {
      return 0;
    }
    if (domain.startsWith("*")) {
      boolean isMatch = host.length() >= longer && host.endsWith(domain.substring(1));
      return isMatch ? SUFFIX * LONGEST + longer : -1;
    }
    if (domain.endsWith("*")) {
      boolean isMatch = host.length() >= longer && host.startsWith(domain.substring(0, longer - 1));
      return isMatch ? PREFIX * LONGEST + longer : -1;
    }
    return domain.equals(host) ? EXACT * LONGEST : -1;
  }

  /** A host that the virtual host takes, and its chain, for a request that names none. */
  static String host(VirtualHost host, FilterChainMatch match) {
    return Stream.concat(host.getDomainsList().stream(), match.getServerNamesList().stream())
        .filter(domain -> !domain.equals("*"))
        .findFirst()
        .map(domain -> domain.replace("*", "any"))
        .orElse("localhost");
  }
}
