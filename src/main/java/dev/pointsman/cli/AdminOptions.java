package dev.pointsman.cli;

import dev.pointsman.config.HostPort;
import java.util.LinkedHashSet;
import java.util.Set;
import picocli.CommandLine.Option;

/** The options of the admin port. */
final class AdminOptions {
  @Option(
      names = "--admin-address",
      paramLabel = "H:P",
      description =
          "HTTP with /healthz, /readyz and /metrics, and the page at / for this host alone (default: ${DEFAULT-VALUE}).")
  private HostPort adminAddress = new HostPort("0.0.0.0", 8080);

  @Option(
      names = "--page-host",
      paramLabel = "NAME",
      description =
          "Serve the page to clients of other hosts too, which use this name or IPv4 address; repeatable. It asks for"
              + " no password and shows the routes of all tenants.")
  private Set<String> pageHosts = new LinkedHashSet<>();

  HostPort address() {
    return adminAddress;
  }

  Set<String> pageHosts() {
    return Set.copyOf(pageHosts);
  }
}
