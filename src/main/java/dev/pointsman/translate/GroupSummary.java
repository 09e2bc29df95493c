package dev.pointsman.translate;

import dev.pointsman.incremental.Chunk.Range;
import dev.pointsman.model.InferencePolicy;
import dev.pointsman.model.Parsed;
import dev.pointsman.plan.PolicyBytes;
import dev.pointsman.translate.RouteGroup.RouteEntry;
import dev.pointsman.xds.RouteFacts;
import dev.pointsman.xds.RouteFacts.RuleClusters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Facts about a group of routes that are the same in all translations. */
final class GroupSummary {
  /** The beginnings of the names of filters that may limit bodies. */
  private static final List<String> LIMITING =
      List.of("envoy.filters.http.buffer", "envoy.filters.http.ext_authz");

  /** The bytes of a copy that answers 413 beside those of its route. */
  private static final int LIMIT = 500;

  private final List<String> poolClusters = new ArrayList<>();
  private final Map<String, Parsed<InferencePolicy>> policies = new HashMap<>();
  private final CopyCosts copies = new CopyCosts();
  private boolean isPlannedByWeights = true;
  private int relevant;
  private int pools;
  private long recordBytes;
  private long limitBytes;
  private long listBytes;

  private GroupSummary() {}

  /** The summary of routes that are not relevant. */
  static GroupSummary ofOthers(List<Range> routes) {
    GroupSummary summary = new GroupSummary();
    routes.forEach(route -> summary.copies.addWithoutModel(route.to() - route.value()));
    return summary;
  }

  static GroupSummary of(List<RouteEntry> entries) {
    GroupSummary summary = new GroupSummary();
    Set<RuleClusters> rules = new HashSet<>();
    for (RouteEntry entry : entries) {
      if (entry.relevant().isPresent()) {
        RouteFacts facts = entry.relevant().get().facts();
        summary.add(facts, rules);
        summary.recordBytes += entry.bytes().size() - facts.bytes();
      } else {
        summary.copies.addWithoutModel(entry.bytes().size());
      }
    }
    return summary;
  }

  private void add(RouteFacts facts, Set<RuleClusters> rules) {
    relevant++;
    limitBytes += mayLimit(facts.filters()) ? facts.bytes() + LIMIT : 0;
    listBytes += facts.model().map(PolicyBytes::ofListed).orElse(0L);
    copies.add(facts);
    policies.putAll(facts.carried());
    RuleClusters rule = facts.pools().isEmpty() ? null : facts.rule().orElse(null);
    if (rule instanceof RuleClusters.OneCluster(String cluster)) {
      poolClusters.add(cluster);
    }
    if (rule != null && rules.add(rule)) {
      pools += facts.pools().size();
    }
    isPlannedByWeights &= !(rule instanceof RuleClusters.Weighted)
        && facts.policies().isEmpty()
        && facts.baseModel().isEmpty();
  }

  private static boolean mayLimit(Set<String> filters) {
    return filters.stream().anyMatch(filter -> LIMITING.stream().anyMatch(filter::startsWith));
  }

  /** The clusters of the rules that name pools. */
  List<String> poolClusters() {
    return poolClusters;
  }

  /** The policies in the routes' records, by id. */
  Map<String, Parsed<InferencePolicy>> policies() {
    return policies;
  }

  /** The bytes of the copies beside the routes. */
  CopyCosts copies() {
    return copies;
  }

  /** Whether the plan depends on the weights alone, if they are known and no policy is on the Gateway. */
  boolean isPlannedByWeights() {
    return isPlannedByWeights;
  }

  /** The number of routes that are relevant. */
  int relevant() {
    return relevant;
  }

  /** The number of pools that the rules name. */
  int pools() {
    return pools;
  }

  /** The bytes of the copies that answer 413 above a limit of bodies. */
  long limitBytes() {
    return limitBytes;
  }

  /** The bytes of the models in the lists of models. */
  long listBytes() {
    return listBytes;
  }

  /** The bytes of the Route hook's records on the routes, which the answer does not have. */
  long recordBytes() {
    return recordBytes;
  }
}
