package dev.pointsman.server;

import com.sun.net.httpserver.HttpExchange;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The clients that may see the page and what it is made of, which tells conditions and addresses of all tenants. By
 * default only processes of the same host, as with {@code kubectl port-forward}. A page of another origin in a browser
 * there may not, whatever name it gives to the host.
 */
final class LocalClients {
  private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final Set<String> OWN_PAGES = Set.of("same-origin", "none");

  /** Processes of the same host, whatever the operator allows to others. */
  static final LocalClients ONLY = new LocalClients(Set.of(), "");

  private final Set<String> hosts;
  private final String otherwise;

  private LocalClients(Set<String> hosts, String otherwise) {
    this.hosts = Set.copyOf(hosts);
    this.otherwise = otherwise;
  }

  /**
   * The clients of a server.
   *
   * @param hosts the names by which clients of other hosts may ask, in lower case
   */
  static LocalClients and(Set<String> hosts) {
    return new LocalClients(hosts, " (or serve --page-host NAME)");
  }

  /** The reason why the client may not ask; empty if it may. */
  Optional<String> refusal(HttpExchange exchange) {
    // Both ends: a sidecar of a mesh connects from loopback for clients of other hosts.
    boolean isLoopback = exchange.getRemoteAddress().getAddress().isLoopbackAddress()
        && exchange.getLocalAddress().getAddress().isLoopbackAddress();
    String host = header(exchange, "host").toLowerCase(Locale.ROOT).replaceAll(":\\d+$", "");
    if (!hosts.contains(host) && !(isLoopback && LOCAL.contains(host))) {
      return Optional.of(
          "only for connections from this host: use kubectl port-forward, and http://localhost:PORT"
              + otherwise);
    }
    String site = header(exchange, "sec-fetch-site");
    String origin = header(exchange, "origin");
    boolean isOwn = (site.isEmpty() || OWN_PAGES.contains(site))
        && (origin.isEmpty()
            || origin.replaceFirst("^https?://", "").equals(header(exchange, "host")));
    return isOwn
        ? Optional.empty()
        : Optional.of("only for this server's own page: open it by its address, not by a link");
  }

  private static String header(HttpExchange exchange, String name) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).orElse("");
  }
}
