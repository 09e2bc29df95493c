package dev.pointsman.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

/**
 * Requests to pools whose names collide with those of another tenant, and a look at the proxy's routes and endpoints.
 *
 * @param address of the other tenant's pod
 */
record NamesOfOthers(TwoTenants tenants, HostileTraffic traffic, String address)
    implements TwoTenants.Action {
  @Override
  public List<String> run() throws Exception {
    List<String> got = new ArrayList<>(
        traffic.reach("same-name", "long-a", "long-b", "mirroring", "borrowing", "lent"));
    List<String> routes = tenants.proxy().routes("/evil/");
    assertThat(routes).as("routes of evil").isNotEmpty();
    routes.stream().filter(route -> route.contains("/good/")).forEach(got::add);
    tenants.proxy().endpoints("/evil/").stream()
        .filter(endpoint -> endpoint.contains(" " + address + ":"))
        .forEach(got::add);
    return got;
  }
}
