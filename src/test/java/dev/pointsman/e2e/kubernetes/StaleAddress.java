package dev.pointsman.e2e.kubernetes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A status of the pod {@code stale} with another tenant's address, as if the pod had ended and its address had gone to the
 * other one.
 */
record StaleAddress(Cluster cluster, HostileTraffic traffic, String address)
    implements TwoTenants.Action {
  /** Longer than a change of endpoints takes. */
  private static final Duration WATCHED = Duration.ofSeconds(1);

  @Override
  public List<String> run() throws Exception {
    List<String> got = new ArrayList<>();
    for (String phase : List.of("Failed", "Succeeded")) {
      end(phase);
      long until = System.nanoTime() + WATCHED.toNanos();
      do {
        got.addAll(traffic.reach("stale"));
      } while (got.isEmpty() && System.nanoTime() < until);
    }
    return got;
  }

  private void end(String phase) {
    String status = """
        {"status": {"phase": "%s", "podIP": "%s", "podIPs": [{"ip": "%2$s"}],
         "conditions": [{"type": "Ready", "status": "True"}]}}""".formatted(phase, address);
    cluster.kubectl(
        "patch",
        "pod",
        "stale",
        "-n",
        "evil",
        "--subresource=status",
        "--type=merge",
        "-p",
        status);
  }
}
