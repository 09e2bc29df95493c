package dev.pointsman.e2e.kubernetes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A controller of a tenant's that replaces a pool's status again and again by one without the entry of ours. */
record StatusFight(Cluster cluster, Tenant tenant, String pool) {
  private static final String OTHER = "example.com/other";
  private static final String STATUS = """
      {"status": {"parents": [{"controllerName": "%s", "parentRef": {"name": "isolation", "namespace": "gateways"},
       "conditions": [{"type": "Accepted", "status": "False", "reason": "Other", "message": "%d",
                       "lastTransitionTime": "2026-01-01T00:00:00Z"}]}]}}""";

  /** Fights for some time; says what of it was not as it should be. */
  List<String> run(Duration time) {
    Conditions conditions = Conditions.of(cluster, Conditions.POOL, tenant.namespace(), pool);
    conditions.awaitTrue("isolation", "Accepted");
    double before = Replica.statusWrites(cluster);
    long end = System.nanoTime() + time.toNanos();
    int theirs = 0;
    for (; System.nanoTime() < end; theirs++) {
      tenant.kubectl(
          "",
          "patch",
          "inferencepool",
          pool,
          "-n",
          tenant.namespace(),
          "--subresource=status",
          "--type=merge",
          "-p",
          STATUS.formatted(OTHER, theirs));
    }
    double ours = Replica.statusWrites(cluster) - before;
    System.out.printf("status: %d writes of the other, %.0f of ours%n", theirs, ours);
    conditions.awaitTrue("isolation", "Accepted");
    List<String> got = new ArrayList<>();
    if (ours > 2 * theirs + 2) {
      got.add(ours + " writes for " + theirs + " of another controller");
    }
    if (!conditions.controllers().contains(OTHER)) {
      got.add("the entry of the other controller is gone: " + conditions.controllers());
    }
    return got;
  }
}
