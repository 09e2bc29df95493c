package dev.pointsman.hook;

import com.google.protobuf.Struct;
import dev.pointsman.hook.RouteObjects.RoutePolicy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The InferencePolicies that the routes of a translation have carried so far. The first route with a policy carries it,
 * the others refer to it by id: an HTTPRoute has thousands of routes, and a policy up to 16 KiB. A repeated call for a
 * route returns the same policies, because it belongs to a restarted translation.
 */
final class SentPolicies {
  private Map<String, SentPolicy> sent = new HashMap<>();

  private record SentPolicy(String route, Struct policy) {}

  /**
   * The policies of one route.
   *
   * @param ids the ids of all policies, in their order
   * @param carried the policies that the route carries, by id
   */
  record OnRoute(List<String> ids, Map<String, Struct> carried) {}

  /** The policies on a route, by its name. */
  OnRoute on(String route, List<RoutePolicy> policies) {
    List<String> ids = new ArrayList<>(policies.size());
    Map<String, Struct> carried = new HashMap<>();
    for (RoutePolicy policy : policies) {
      ids.add(policy.id());
      SentPolicy first =
          sent.computeIfAbsent(policy.id(), _ -> new SentPolicy(route, policy.struct()));
      if (first.route().equals(route)) {
        carried.put(policy.id(), first.policy());
      }
    }
    return new OnRoute(ids, carried);
  }

  /** Returns the policies since the last call, by id, and clears them. */
  Map<String, Struct> take() {
    Map<String, Struct> taken = new HashMap<>();
    sent.forEach((id, policy) -> taken.put(id, policy.policy()));
    sent = new HashMap<>();
    return taken;
  }
}
