package dev.pointsman.xds;

import com.google.protobuf.Any;
import dev.pointsman.model.PoolRef;
import dev.pointsman.plan.Fallback;
import dev.pointsman.plan.PoolBackend.ValidPool;
import dev.pointsman.plan.RulePlan;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.HeaderMutation;
import io.envoyproxy.envoy.extensions.filters.http.header_mutation.v3.Mutations;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The cluster of the loop for routes whose requests are sent in stages. Its filters run for each try, which is a stage.
 * They number the stages, write the stage's model into the body, and take the facts off the response.
 *
 * @param hint the subset that pickers of the first stage are told; then the cluster's endpoint carries it. Its loop is
 *     left open
 */
public record StagesCluster(Optional<SubsetResource> hint) {
  private static final Any PLAIN = LoopListeners.upstream(filters(Optional.empty()));
  private static final Any HINTING =
      LoopListeners.upstream(filters(Optional.of(SubsetHint.toHeader())));

  /**
   * The cluster for the stages of a fallback; empty if there is one stage, of which no picker needs a hint.
   *
   * @param plan the first stage
   */
  static Optional<StagesCluster> of(Optional<RulePlan> plan, Fallback fallback) {
    List<PoolRef> pools = plan.stream()
        .flatMap(one -> one.shares().stream())
        .filter(share -> share.pool() instanceof ValidPool pool && pool.picker().isPresent())
        .map(share -> ((ValidPool) share.pool()).ref())
        .distinct()
        .sorted()
        .toList();
    Optional<SubsetResource> hint = fallback
        .hint()
        .filter(_ -> !pools.isEmpty())
        .map(subset -> new SubsetResource("", pools, subset));
    return fallback.stages().isEmpty() && hint.isEmpty()
        ? Optional.empty()
        : Optional.of(new StagesCluster(hint));
  }

  /** The cluster's name. */
  public String name(String routeConfiguration) {
    String name = XdsNames.fallback(routeConfiguration);
    return hint.map(one -> name + "/subset/" + XdsNames.digest(one.name())).orElse(name);
  }

  /** The cluster of a route configuration. */
  public Cluster in(String routeConfiguration) {
    Cluster.Builder cluster = LoopListeners.cluster(
        name(routeConfiguration),
        XdsNames.largeBodies(routeConfiguration),
        hint.isPresent() ? HINTING : PLAIN)
        .toBuilder();
    hint.ifPresent(one -> cluster
        .setType(DiscoveryType.EDS)
        .clearLoadAssignment()
        .setEdsClusterConfig(EdsConfigSource.of(one.hintIn(routeConfiguration).name())));
    cluster
        .getCircuitBreakersBuilder()
        .getThresholdsBuilder(0)
        .setMaxRetries(Protos.uint32(LoopListeners.CONNECTIONS));
    return cluster.build();
  }

  private static List<HttpFilter> filters(
      Optional<io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation> hint) {
    Mutations.Builder stage = Mutations.newBuilder();
    stage
        .addRequestMutationsBuilder()
        .setAppend(Protos.header(XdsNames.STAGE_HEADER, "%UPSTREAM_REQUEST_ATTEMPT_COUNT%"));
    hint.ifPresent(stage::addRequestMutations);
    // Envoy does not retry a response with this header, which a full circuit breaker sets.
    stage.addResponseMutationsBuilder().setRemove("x-envoy-overloaded");
    List<HttpFilter> filters = new ArrayList<>();
    filters.add(HttpFilter.newBuilder()
        .setName(XdsNames.STAGE_FILTER)
        .setTypedConfig(Any.pack(HeaderMutation.newBuilder().setMutations(stage).build()))
        .build());
    Lua script =
        Lua.newBuilder().setDefaultSourceCode(LuaScripts.source(source())).build();
    filters.addAll(UpstreamFilters.of(XdsNames.STAGES_FILTER, script));
    return filters;
  }

  private static String source() {
    return "local facts = " + LoopFacts.table() + " " + OtherNames.functions() + " "
        + LuaScripts.files("stages.lua").getInlineString();
  }
}
